"""Slack: commands, interactions and deliveries over Bolt and the Web API.

Nothing is imported here: the page shows replies as Slack would, with `outgoing` alone.
"""
