"""Renderers side by side on the same letter and the same statement of three pages."""
