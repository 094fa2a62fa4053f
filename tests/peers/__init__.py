"""Loopback servers that speak the platforms' own protocols, for tests and benches."""
