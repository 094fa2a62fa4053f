"""Whose messages somebody may ask about, and act on."""

from briefs.marking import reason
from commands.channels import target
from commands.desk import Desk
from commands.model import Call, UserError
from scheduler.address import Destination, destination


def may_act(desk: Desk, call: Call, where: Destination) -> bool:
    """Say whether the caller may retry and dismiss what failed at a destination.

    The bot's admins may everywhere; who manages a channel may there, and who governs a workspace in all of
    its channels. What goes to a person is that person's and the admins' alone.
    """
    if desk.rights.is_admin(call.caller.person):
        return True
    if where == call.place:
        return desk.rights.allows("manager", call.caller)
    return call.caller.governs and where.workspace == call.place.workspace and where.person is None


def may_ask(desk: Desk, call: Call, where: Destination) -> bool:
    """Say whether the caller may be told what became of the messages to a destination."""
    return where == call.caller.person.inbox or may_act(desk, call, where)


def named_place(desk: Desk, call: Call) -> Destination:
    """Return the destination that the call names, or the one it comes from; an admin may name any.

    Raises UserError where the caller may name no other.
    """
    named = call.options.get("channel")
    if named is None or not desk.rights.is_admin(call.caller.person):
        return target(desk, call)
    try:
        return destination(str(named))
    except ValueError as problem:
        raise UserError("{problem}.", problem=reason(problem)) from None


def asked_place(desk: Desk, call: Call) -> Destination:
    """Return the place that is asked about; raise UserError where its messages are none of the caller's business."""
    where = named_place(desk, call)
    if not may_ask(desk, call, where):
        raise UserError(
            "Asking about this channel's messages needs the right to manage it; ask somebody who manages it,"
            " or ask about your own in your direct messages with the bot."
        )
    return where
