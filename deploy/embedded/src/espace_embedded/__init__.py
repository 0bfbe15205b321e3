"""Runs the whole eSpace on one machine without containers."""
