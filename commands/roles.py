"""Roles: who may edit and who administers, beside those in ADMINS."""

import re

from briefs.marking import N_, reason
from commands import choosing
from commands.desk import Desk
from commands.model import Call, Choice, Command, Heading, Listing, Option, Prose, Reply, UserError, text
from commands.wording import speaking
from scheduler.address import person
from scheduler.grants import Granted

_ROLE = re.compile(r"(role:\d+|usergroup:S[A-Z0-9]+)")


async def roles(desk: Desk, call: Call) -> Reply:
    """Show who may edit and administer, or change it."""
    action = str(call.options.get("action", "show"))
    if action == "show":
        return _shown(desk, call)
    subject = _subject(desk, call)
    by = str(call.caller.person)
    async with desk.store.transaction() as tx:
        if action == "remove":
            if not await desk.grants.take(tx, subject):
                raise UserError(
                    "{subject} has no role here; /brief-admin roles shows who has.", subject=subject
                )
        else:
            await desk.grants.give(tx, subject, _right(action), by, call.at)
    async with desk.store.reading() as tx:
        granted = await desk.grants.all(tx)
    desk.rights.grants.clear()
    desk.rights.grants.update(granted)
    return _shown(desk, call)


def _right(action: str) -> Granted:
    return "admin" if action == "admin" else "editor"


def _subject(desk: Desk, call: Call) -> str:
    """Whom it is about: a person, or a role of the workspace in which the command is given."""
    role, who = str(call.options.get("role", "")), str(call.options.get("person", ""))
    if role:
        return _role(desk, call, role)
    if not who:
        raise UserError("Say whom: role= for a role or user group, person= for one person.")
    try:
        found = person(who)
    except ValueError as problem:
        raise UserError("{problem}.", problem=reason(problem)) from None
    if found.space and f"{found.platform}:{found.space}" not in desk.rights.workspaces:
        raise _elsewhere(f"{found.platform}:{found.space}")
    return str(found)


def _role(desk: Desk, call: Call, role: str) -> str:
    if not _ROLE.fullmatch(role):
        raise UserError("“{role}” is no role and no user group; pick one from the list.", role=role)
    if call.place.workspace not in desk.rights.workspaces:
        raise _elsewhere(call.place.workspace)
    return f"{call.place.workspace}/{role}"


def _elsewhere(workspace: str) -> UserError:
    return UserError(
        "Roles count in the workspaces of your team alone, and {workspace} is none; whoever runs the bot adds it"
        " to WORKSPACES.",
        workspace=workspace,
    )


def _shown(desk: Desk, call: Call) -> Reply:
    _ = speaking(choosing.language(call))
    rights = desk.rights
    from_settings = [text(str(each)) for each in sorted(map(str, rights.admins))]
    admins = [text(subject) for subject, right in sorted(rights.grants.items()) if right == "admin"]
    editors = [text(subject) for subject, right in sorted(rights.grants.items()) if right == "editor"]
    nobody = (text(_("nobody")),)
    return Reply(
        _("Who may change briefs"),
        (
            Heading(_("Admins, from ADMINS")), Listing(tuple(from_settings) or nobody),
            Heading(_("Admins, granted here")), Listing(tuple(admins) or nobody),
            Heading(_("Editors, who propose changes")), Listing(tuple(editors) or nobody),
            Prose(text(_("Everybody else reads, and follows for themselves."))),
        ),
    )  # fmt: skip


ACTIONS = (
    Choice(N_("Show who has which role"), "show"), Choice(N_("Make an editor"), "editor"),
    Choice(N_("Make an admin"), "admin"),
    Choice(N_("Take the role away"), "remove"),
)  # fmt: skip
COMMANDS = (
    Command(
        "brief-admin roles", N_("Show or change who edits and administers"), roles,
        (
            Option("action", N_("What to do"), "choice", choices=ACTIONS, default="show"),
            Option("role", N_("A role or user group of this workspace"), "role"),
            Option("person", N_("One person"), "person"),
        ),
        right="admin", audited=True, example="/brief-admin roles editor role=@editors",
    ),
)  # fmt: skip
