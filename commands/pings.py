"""Pings: the one role or user group that a subscription may notify, from the admins' list."""

from briefs.marking import N_
from commands.desk import Desk
from commands.model import Call, Option, UserError
from scheduler.address import Destination

NONE = "none"


def wanted(desk: Desk, call: Call, where: Destination) -> str:
    """Return whom messages to a destination are to notify, empty for nobody.

    Raises UserError for a role or group that PINGS does not list for the destination's workspace.
    """
    target = str(call.options.get("ping", NONE))
    if target == NONE:
        return ""
    if where.platform == "web":
        raise UserError("Nobody can be pinged on the page; leave ping out.")
    if f"{where.workspace}/{target}" not in desk.rights.pings:
        raise UserError(
            "“{target}” may not be pinged here; an admin of the bot allows it with PINGS={workspace}/{target}.",
            target=target, workspace=where.workspace,
        )  # fmt: skip
    return target


PING = Option("ping", N_("A role or user group to notify, one that PINGS lists; none for nobody"), "role")
