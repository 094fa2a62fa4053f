"""A simulated year of the bot: the real stores, planner, ledger and sender, killed twice a week, and counted.

`scenario` says who follows what and what is edited when, `life` runs one process until it is killed, `far` is
the platforms' side, `oracle` says what had to arrive, from the scenario and the calendar alone.
"""
