"""What a document is, who receives it, and by which channel. Pure."""
