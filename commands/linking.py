"""Linking accounts: one person on several platforms, proved by a one-time code."""

import secrets

from briefs.marking import N_
from commands import choosing
from commands.desk import Desk
from commands.model import Call, Code, Command, Option, Prose, Reply, UserError, text
from commands.wording import filled, speaking
from scheduler.identities import CODE_HOLDS

# Letters and digits that nobody takes for each other.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 10


async def link(desk: Desk, call: Call) -> Reply:
    """Join your accounts on two platforms: get a code on one, give it on the other."""
    _ = speaking(choosing.language(call))
    if call.caller.person.platform == "web":
        raise UserError("The page has no accounts; link those that you have in Slack and Discord from there.")
    given = str(call.options.get("code", ""))
    if not given:
        return await _offered(desk, call)
    async with desk.store.transaction() as tx:
        other = await desk.identities.join(tx, call.caller.person, given, call.at)
    if other is None:
        raise UserError(
            "Nobody was given the code {code}, or it was used or is too old; /brief link gives a new one.",
            code=given,
        )
    said = _("You and {other} are one person now: what one of you proposes, the other does not approve.")
    return Reply(_("Linked"), (Prose(text(said.format(other=other))),))


async def _offered(desk: Desk, call: Call) -> Reply:
    _ = speaking(choosing.language(call))
    code = "".join(secrets.choice(ALPHABET) for _ignored in range(LENGTH))
    async with desk.store.transaction() as tx:
        await desk.identities.offer(tx, call.caller.person, code, call.at)
    minutes = int(CODE_HOLDS.total_seconds() // 60)
    said = _(
        "Write {command} on the other platform, within {minutes} minutes. The code works once; give it to nobody."
    )
    return Reply(
        _("Link your accounts"),
        (Prose(filled(said, command=Code(f"/brief link {code}"), minutes=minutes)),),
    )


COMMANDS = (
    Command("brief link", N_("Join your accounts on two platforms"), link,
            (Option("code", N_("The code that the other platform gave you")),), example="/brief link"),
)  # fmt: skip
