"""Accounts, login and signed internal tokens."""
