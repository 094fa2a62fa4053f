"""Parts of a brief as replies, for commands and deliveries alike."""
