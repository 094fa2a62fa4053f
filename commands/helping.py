"""Help: what can be asked, and how each command is written."""

from collections.abc import Sequence

from briefs.marking import N_, capital, spoken
from commands import choosing, parsing
from commands.desk import Desk
from commands.model import (
    Block,
    Call,
    Choice,
    Code,
    Command,
    Heading,
    Listing,
    Option,
    Prose,
    Reply,
    UserError,
    text,
)
from commands.wording import Translate, filled, speaking


def _shown(desk: Desk, call: Call) -> list[Command]:
    every = desk.registry.commands(desk.revisions(), call.at)
    return [command for command in every if desk.rights.allows(command.right, call.caller)]


async def help_(desk: Desk, call: Call) -> Reply:
    """List what can be asked, or explain one command."""
    if name := call.options.get("command"):
        return _explain(desk, call, str(name).removeprefix("/"))
    _ = speaking(choosing.language(call))
    shown = _shown(desk, call)
    blocks: list[Block] = []
    for title, wanted in (
        (_("Topics of the report"), lambda path: " " not in path),
        (_("Reading and following"), lambda path: path.startswith("brief ")),
        (_("For admins and managers"), lambda path: path.startswith("brief-admin ")),
    ):
        items = tuple(
            text(Code(f"/{command.path}"), f": {spoken(command.summary, _)}")
            for command in shown
            if wanted(command.path)
        )
        if items:
            blocks += [Heading(title), Listing(items)]
    blocks.append(
        Prose(filled(_("More about one of them: {command}"), command=Code("/brief help brief follow")))
    )
    return Reply(_("What you can ask"), tuple(blocks))


def _explain(desk: Desk, call: Call, path: str) -> Reply:
    _ = speaking(choosing.language(call))
    found = next((command for command in _shown(desk, call) if command.path in (path, f"brief {path}")), None)
    if found is None:
        paths = [command.path for command in _shown(desk, call)]
        raise UserError(
            "There is no command /{path}; the nearest is /{near}. /brief help lists them all.",
            path=path, near=choosing.nearest(path, paths),
        )  # fmt: skip
    items = tuple(text(Code(option.name), f": {_described(option, _)}") for option in found.options)
    blocks: list[Block] = [Prose(text(spoken(found.summary, _)))]
    if items:
        blocks.append(Listing(items))
    how = spoken(capital(parsing.usage(found)), _)
    blocks.append(Prose(text(_("{usage}.").format(usage=how))))
    return Reply(f"/{found.path}", tuple(blocks))


def _described(option: Option, _: Translate) -> str:
    said = spoken(option.description, _)
    return said if option.required else _("{description} (optional)").format(description=said)


async def complete_command(desk: Desk, call: Call, partial: str) -> Sequence[Choice]:
    """Suggest commands that the asker may use."""
    _ = speaking(choosing.language(call))
    names = {c.path: f"/{c.path}: {spoken(c.summary, _)}" for c in _shown(desk, call)}
    return choosing.suggested(names, partial)


COMMANDS = (
    Command(
        "brief help", N_("List what can be asked, or explain one command"), help_,
        (Option(
            "command", N_("The command to explain"), completes=complete_command,
            pattern=r"/?brief(?:-admin)? \S+|\S+",
        ),),
        example="/brief help brief follow",
    ),
)  # fmt: skip
