"""Discord. `transport` holds the adapter; the translators beside it import nothing of discord.py."""
