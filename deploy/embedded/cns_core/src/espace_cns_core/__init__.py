"""A stand-in for the fund's core systems: persons and decisions, for demo and tests."""
