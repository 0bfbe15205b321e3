"""Checks a document without the service: on the command line, with public keys alone."""
