"""Every command of the catalogue, with every value that its options take, as somebody would try them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from commands.model import (
    Answer,
    Call,
    Caller,
    Choice,
    Command,
    Form,
    Option,
    OptionKind,
    OptionValue,
    Picture,
    Reply,
)  # fmt: skip
from commands.views.plain import plain
from scheduler.address import Destination
from tests.office import Office

# What a person may type for an option of a kind; a kind that is not here makes the walk fail until it is.
KINDS: Mapping[OptionKind, tuple[OptionValue, ...]] = {
    "text": ("likely", "the study that comes out", "a zqtext", "zqdat"),
    "integer": (1, 2, 3), "boolean": (True, False), "date": ("2026-12-21",), "zone": ("Asia/Seoul",),
    "channel": ("slack:T1/C1",), "person": ("slack:T1/U1",), "role": ("usergroup:S1",), "choice": (), "file": (),
}  # fmt: skip
# What the parts of the two briefs are called, for the options that name one.
NAMES = (
    "open-1", "demands", "talks", "zqsection", "zqadvice", "zqinherited", "zqtopic", "zqcommand", "zqtold",
    "zqdate", "date:zqdate", "topic:zqtopic", "zqgrounded", "zqpast", "zqforecast", "zqstudy", "zqnote",
    "zqpassage", "zqdate#0",
)  # fmt: skip
PARTIALS = ("", "z", "open", "zqd", "the")
BRIEFS = ("open-harbour", "sealed-harbour")


@dataclass
class Errand:
    """What was typed, and everything that came back."""

    command: str
    typed: list[str]
    shown: list[str] = field(default_factory=list)


def said(answer: Answer) -> list[str]:
    """Everything that an answer shows or sends."""
    if isinstance(answer, Form):
        return [answer.title, *(word for each in answer.fields for word in _field(each)), str(answer.preset)]
    files = [each.content.decode("utf-8", "replace") for each in answer.files]
    labels = [action.label for action in answer.actions]
    alts = [block.alt for block in answer.blocks if isinstance(block, Picture)]
    return [plain(answer), answer.summary, *alts, *labels, *(each.title for each in answer.files), *files]


def _field(option: Option) -> list[str]:
    return [option.name, option.description, *(f"{each.label} {each.value}" for each in option.choices)]


def values(option: Option) -> tuple[OptionValue, ...]:
    """What is tried for an option."""
    if option.name == "brief":
        return BRIEFS
    if option.choices:
        return tuple(choice.value for choice in option.choices)
    return (*(NAMES if option.kind == "text" else ()), *KINDS[option.kind])


def variants(command: Command) -> Iterator[dict[str, OptionValue]]:
    """Each value of each option in turn, beside one of each option that has to be given."""
    needed = {o.name: values(o)[0] for o in command.options if o.required and o.kind != "file"}
    yield {}
    yield {**needed}
    for option in command.options:
        for value in values(option):
            which = {"brief": BRIEFS[0]} if any(each.name == "brief" for each in command.options) else {}
            yield {**needed, **which, option.name: value}


async def errands(bot: Office, caller: Caller, place: Destination, skipped: frozenset[str]) -> list[Errand]:
    """Try every command but some, press each button that comes back, and complete each option."""
    found = []
    for command in bot.desk.registry.commands(bot.desk.revisions(), bot.now):
        found.append(Errand("the list of commands", [], [command.path, command.summary]))
        if command.path not in skipped:
            found += [await _tried(bot, command, given, caller, place) for given in variants(command)]
            found += [await _completed(bot, command, option, caller, place) for option in command.options]
    return found


async def _tried(
    bot: Office, command: Command, given: dict[str, OptionValue], caller: Caller, place: Destination
) -> Errand:
    errand = Errand(command.path, [str(value) for value in given.values()])
    call = Call(command.path, caller, place, bot.now, given)
    answer = await bot.dispatcher.answer(call)
    errand.shown += said(answer)
    for action in answer.actions if isinstance(answer, Reply) else ():
        if action.press.verb != "open" or not action.press.command.startswith("brief-admin"):
            errand.shown += said(await bot.dispatcher.press(action.key, replace(call, options={})))
    return errand


async def _completed(
    bot: Office, command: Command, option: Option, caller: Caller, place: Destination
) -> Errand:
    errand = Errand(f"{command.path}, completing {option.name}", [])
    # As `bot.front` has it: who may not run a command is offered no values for it.
    may = bot.desk.rights.allows(command.right, caller)
    for partial in PARTIALS if option.completes and may else ():
        assert option.completes is not None
        call = Call(command.path, caller, place, bot.now)
        offered: list[Choice] = [*await option.completes(bot.desk, call, partial)]
        errand.shown += [f"{each.label} {each.value}" for each in offered]
    return errand
