"""The local page: an adapter like the others, for a reader on this machine."""
