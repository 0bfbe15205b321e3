"""Catalogue, drafts, submissions and their status."""
