"""The audit log: every change and every refusal."""

from briefs.marking import N_
from commands import choosing
from commands.desk import AuditEntry, Desk
from commands.model import Call, Command, Instant, Listing, Option, Reply, Strong, Text, UserError, text
from commands.wording import speaking

MOST = 200


async def audit(desk: Desk, call: Call) -> Reply:
    """Show the last changes and refusals, newest first."""
    _ = speaking(choosing.language(call))
    count = int(call.options.get("count", 20))
    if not 1 <= count <= MOST:
        raise UserError("count is a number from 1 to {most}; write it like count=50.", most=MOST)
    async with desk.store.reading() as tx:
        found = await desk.audit.latest(tx, count)
    items = tuple(_line(each) for each in found) or (text(_("nothing yet")),)
    return Reply(_("Audit log"), (Listing(items),))


def _line(each: AuditEntry) -> Text:
    subject = f" {each.subject}" if each.subject else ""
    detail = f" ({each.detail})" if each.detail else ""
    return text(Instant(each.at), f", {each.actor}: ", Strong(each.action), f"{subject}{detail}")


COMMANDS = (
    Command("brief-admin audit", N_("Show the last changes and refusals"), audit,
            (Option("count", N_("How many lines"), "integer"),), right="admin", example="/brief-admin audit 50"),
)  # fmt: skip
