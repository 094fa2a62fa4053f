"""The two files by which a run and the bot that it kills understand each other, in the bot's working folder."""

from pathlib import Path

# Holds how many more lines are run; the bot begins to count once it is there.
ARMED = Path("armed")
# Holds the file and line at which the bot died.
DIED = Path("died")
