"""The only public door: REST, OpenAPI 3.1."""
