"""What we know: the brief, its source text, its dates and its revisions."""
