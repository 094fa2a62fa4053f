"""A new report as the draft of a brief: read, repaired, cut into passages, and with proposals to confirm."""
