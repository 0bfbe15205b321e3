"""What documents can do. One file a use case."""
