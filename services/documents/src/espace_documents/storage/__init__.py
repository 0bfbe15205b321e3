"""Where documents keeps what it knows: its own database, in the document store."""
