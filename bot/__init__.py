"""Where it meets the world: settings, database, adapters, the command line."""
