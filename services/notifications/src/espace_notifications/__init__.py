"""Content-free notices and letters handed to the post."""
