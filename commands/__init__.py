"""What one can ask: the registry of commands, and the views that turn parts of a brief into replies."""
