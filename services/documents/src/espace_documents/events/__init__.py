"""How documents hears and speaks."""
