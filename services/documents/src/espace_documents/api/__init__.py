"""Documents over HTTP. The gateway publishes /api/v1; /internal is for the eSpace's own services."""
