"""From a call to one page of its reply: find, permit, ask for what is missing, run, cut, give keys."""

import functools
import hashlib
import logging
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace

import orjson

from briefs.marking import N_
from commands import choosing, parsing
from commands.desk import AuditEntry, Desk
from commands.labels import in_language
from commands.model import (
    Action,
    Answer,
    Call,
    Command,
    Form,
    Press,
    Prose,
    Reply,
    UserError,
    text,
)
from commands.pages import paginate
from commands.registry import embargoes_passed
from commands.wording import speaking

log = logging.getLogger(__name__)
# Replies of quick commands are kept until the day, a revision or an embargo changes; this many at most.
KEPT = 2_000
# Presses in memory, oldest out first; every one of them is in the database too.
PRESSES = 20_000

CacheKey = tuple[object, ...]


@functools.lru_cache(maxsize=4096)
def key_of(press: Press) -> str:
    """Return the `verb:short-key` of a press: 16 hex digits of its SHA-256, the same on every start."""
    digest = hashlib.sha256(orjson.dumps(asdict(press))).hexdigest()
    return f"{press.verb}:{digest[:16]}"


class Dispatcher:
    """Runs calls on a desk. It keeps the replies of quick commands and the presses that it handed out."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._kept: dict[CacheKey, Reply] = {}
        self._state: CacheKey = ()
        self._presses: dict[str, Press] = {}

    async def answer(self, call: Call) -> Answer:
        """Run a call and return one page of its reply, or a form. Never raises."""
        call = choosing.known(self._desk, call)
        try:
            return await self._answer(call)
        except UserError as refusal:
            return self._refusal(call, refusal)
        except Exception as problem:  # noqa: BLE001  # the last line before a person: they get an apology, the log the trace
            return self._apology(call, problem)

    async def press(self, key: str, call: Call) -> Answer:
        """Run what the button with this key asks for."""
        call = choosing.known(self._desk, call)
        try:
            press = self._presses.get(key) or await self._stored(key)
            if press is None:
                raise UserError(
                    "Nobody remembers what this button was for; /brief help shows what can be asked."
                )
            return await self._pressed(press, call)
        except UserError as refusal:
            return self._refusal(call, refusal)
        except Exception as problem:  # noqa: BLE001  # as in `answer`
            return self._apology(call, problem)

    async def submit(self, key: str, call: Call) -> Answer:
        """Run the form with this key: its preset options, and the answers in the call."""
        return await self.press(key, call)

    def knows(self, key: str) -> Press | None:
        """Return a press that was handed out since the start, without I/O."""
        return self._presses.get(key)

    async def keyed(self, call: Call, reply: Reply) -> Reply:
        """Give a reply's buttons their keys and store what they ask for."""
        named = self.named(reply)
        await self.remember([named], call)
        return named

    def named(self, reply: Reply) -> Reply:
        """Give a reply's buttons their keys; they work once they are remembered."""
        return replace(
            reply, actions=tuple(replace(action, key=key_of(action.press)) for action in reply.actions)
        )

    def remembers(self, reply: Reply) -> bool:
        """Whether every button of a named reply is stored, as far as is known without asking."""
        return all(action.key in self._presses for action in reply.actions)

    async def remember(self, replies: Iterable[Reply], call: Call) -> None:
        """Store what the buttons of named replies ask for."""
        await self._remember(
            {action.key: action.press for reply in replies for action in reply.actions}, call
        )

    async def _pressed(self, press: Press, call: Call) -> Answer:
        options = dict(press.options) | dict(call.options)
        asked = replace(call, command=press.command, options=options, press=press)
        current = self._desk.revisions().get(press.brief)
        moved = press.revision and current is not None and current.number != press.revision
        if press.verb == "page" and moved and current is not None:
            return await self.keyed(asked, self._outdated(asked, press, current.number))
        answer = await self._answer(asked)
        if moved and current is not None and isinstance(answer, Reply):
            return self._says_moved(asked, answer, press, current.number)
        return answer

    def _outdated(self, call: Call, press: Press, current: int) -> Reply:
        _ = speaking(choosing.language(call))
        said = _("This page belongs to revision {old}; the brief is at revision {new} now.").format(
            old=press.revision, new=current
        )
        again = replace(press, verb="open", revision=current, page=1)
        return Reply(
            _("The brief has changed"),
            (Prose(text(said)),),
            actions=(Action(_("Show the current one"), again),),
        )

    def _says_moved(self, call: Call, reply: Reply, press: Press, current: int) -> Reply:
        _ = speaking(choosing.language(call))
        said = _("The message with this button showed revision {old}; this is revision {new}.").format(
            old=press.revision, new=current
        )
        return replace(reply, blocks=(Prose(text(said)), *reply.blocks))

    async def _answer(self, call: Call) -> Answer:
        desk = self._desk
        command = desk.registry.find(call.command, desk.revisions(), call.at)
        if command is None:
            raise desk.registry.unknown(call.command, desk.revisions(), call.at)
        if not command.quick:
            return await self._run(command, call)
        key = self._cache_key(call)
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        answer = await self._run(command, call)
        if isinstance(answer, Reply) and len(self._kept) < KEPT:
            self._kept[key] = answer
        return answer

    async def _run(self, command: Command, call: Call) -> Answer:
        await self._permit(command, call)
        typed = parsing.coerce(command, call.options)
        given = typed.keys() | call.uploads.keys()
        if any(option.required and option.name not in given for option in command.options):
            return await self._form(command, call)
        answer = await self._handled(command, replace(call, options=typed))
        if isinstance(answer, Form):
            return await self._keyed_form(answer, call)
        return await self._page(answer, call)

    def _cache_key(self, call: Call) -> CacheKey:
        revisions = self._desk.revisions()
        state = (call.at.date(), *((i, r.number, embargoes_passed(r, call.at)) for i, r in revisions.items()))
        if state != self._state:
            self._state = state
            self._kept.clear()
        press = call.press
        shown = (press.verb, press.page) if press else ()
        audience = self._desk.rights.audience(call, public=choosing.is_share(call))
        return (
            call.command, tuple(sorted(call.options.items())), choosing.today(call), audience,
            choosing.language(call), shown,
        )  # fmt: skip

    async def _handled(self, command: Command, call: Call) -> Answer:
        """Run the handler; what changes something, and what is refused to do so, is written down."""
        try:
            answer = await command.handler(self._desk, call)
        except UserError as refusal:
            if command.audited:
                await self._write_down(call, f"refused /{command.path}", str(refusal))
            raise
        if command.audited and isinstance(answer, Reply):
            given = " ".join(f"{name}={value}" for name, value in sorted(call.options.items()))
            await self._write_down(call, f"/{command.path}", given)
        return answer

    async def _write_down(self, call: Call, action: str, detail: str) -> None:
        entry = AuditEntry(call.at, str(call.caller.person), str(call.place), action, detail=detail)
        async with self._desk.store.transaction() as tx:
            await self._desk.audit.note(tx, entry)

    async def _permit(self, command: Command, call: Call) -> None:
        if self._desk.rights.allows(command.right, call.caller):
            return
        log.info("refused %s to %s in %s", command.path, call.caller.person, call.place)
        await self._write_down(call, f"refused /{command.path}", f"needs the right {command.right}")
        if command.right == "manager":
            raise UserError(
                "/{command} needs the right to manage this channel; ask somebody who manages it.",
                command=command.path,
            )
        if command.right == "editor":
            raise UserError(
                "/{command} is for editors and the bot's admins ({admins}); ask one of them.",
                command=command.path, admins=self._desk.rights.contacts() or N_("ADMINS is not set"),
            )  # fmt: skip
        raise UserError(
            "/{command} is for the bot's admins ({admins}); ask one of them.",
            command=command.path, admins=self._desk.rights.contacts() or N_("ADMINS is not set"),
        )  # fmt: skip

    async def _form(self, command: Command, call: Call) -> Form:
        given = {name: str(value) for name, value in call.options.items() if value != ""}
        fields = tuple(option for option in command.options if option.name not in given)[:5]
        return await self._keyed_form(
            Form(f"/{command.path}", command.path, fields, tuple(sorted(given.items()))), call
        )

    async def _keyed_form(self, form: Form, call: Call) -> Form:
        press = Press("open", form.command, form.preset)
        key = key_of(press)
        await self._remember({key: press}, call)
        return replace(in_language(form, choosing.language(call)), key=key)

    async def _page(self, reply: Reply, call: Call) -> Reply:
        pages = paginate(replace(reply, language=choosing.language(call)))
        number = min(call.press.page if call.press else 1, len(pages))
        page = pages[number - 1]
        turns = self._turns(page, call)
        turned = call.press is not None and call.press.verb == "page"
        return await self.keyed(call, replace(page, actions=(*turns, *page.actions), replaces=turned))

    def _turns(self, page: Reply, call: Call) -> tuple[Action, ...]:
        _ = speaking(choosing.language(call))
        asked = page.again or Press(
            "open", call.command, tuple(sorted((n, str(v)) for n, v in call.options.items()))
        )
        here = Press("page", asked.command, asked.options, *self._on_screen(call))
        turns = []
        if page.page < page.pages:
            label = _("More ({page} of {pages})").format(page=page.page + 1, pages=page.pages)
            turns.append(Action(label, replace(here, page=page.page + 1), style="primary"))
        if page.page > 1:
            label = _("Back ({page} of {pages})").format(page=page.page - 1, pages=page.pages)
            turns.append(Action(label, replace(here, page=page.page - 1)))
        return tuple(turns)

    def _on_screen(self, call: Call) -> tuple[str, int]:
        """The brief and revision that a call shows: the one it names, or the only one there is."""
        revisions = self._desk.revisions()
        name = str(call.options.get("brief", "")) or (next(iter(revisions)) if len(revisions) == 1 else "")
        revision = revisions.get(name)
        return (name, revision.number) if revision else ("", 0)

    async def _remember(self, presses: Mapping[str, Press], call: Call) -> None:
        new = {key: press for key, press in presses.items() if key not in self._presses}
        if not new:
            return
        async with self._desk.store.transaction() as tx:
            await self._desk.presses.keep(tx, new, call.at)
        self._presses.update(new)
        while len(self._presses) > PRESSES:
            del self._presses[next(iter(self._presses))]

    async def _stored(self, key: str) -> Press | None:
        async with self._desk.store.reading() as tx:
            return await self._desk.presses.get(tx, key)

    def _refusal(self, call: Call, refusal: UserError) -> Reply:
        _ = speaking(choosing.language(call))
        said = refusal.said(_)
        return Reply(_("Not done"), (Prose(text(said)),), summary=said, language=choosing.language(call))

    def _apology(self, call: Call, problem: Exception) -> Reply:
        _ = speaking(choosing.language(call))
        number = secrets.token_hex(4)
        log.error("call %s failed, told to the caller as %s", call.command, number, exc_info=problem)
        said = _(
            "Sorry, this went wrong inside the bot. Try again; if it stays, tell an admin the number {id}."
        )
        return Reply(_("Something went wrong"), (Prose(text(said.format(id=number))),))
