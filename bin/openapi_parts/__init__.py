"""What bin/openapi is made of."""
