"""From an interaction to its answer, within the three seconds that Discord allows for the first response."""

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from bot.adapter import Front
from bot.discord_adapter import incoming
from bot.discord_adapter.callbacks import Body, Callbacks
from bot.discord_adapter.incoming import ABOUT, Payload
from bot.discord_adapter.kinds import EPHEMERAL, Callback, Interaction
from bot.discord_adapter.modals import modal
from bot.discord_adapter.outgoing import message, replacing, suggestions
from bot.rendered import Rendered
from commands.model import Answer, Call, Form, Reply, UserError
from commands.wording import Translate, speaking

# An answer that takes longer than this is announced first, so that two seconds are left for the way.
PATIENCE = 1.0
COMPLETION_SECONDS = 2.0
REMEMBERED = 4096

log = logging.getLogger(__name__)


def _first_message(reply: Reply) -> Body:
    made = message(reply)
    flags = _flags(reply)
    data = {**made.payload, "flags": flags} if flags else made.payload
    return Body(orjson.dumps({"type": Callback.MESSAGE, "data": data}), made.files)


def _flags(reply: Reply) -> int:
    return EPHEMERAL if reply.visibility == "private" else 0


class Answering:
    """Answers interactions, each in a task of its own."""

    def __init__(self, front: Front, callbacks: Callbacks, clock: Callable[[], datetime]) -> None:
        self._front = front
        self._callbacks = callbacks
        self._clock = clock
        self._kept_message = Rendered(_first_message)
        self._recent: OrderedDict[str, None] = OrderedDict()
        self._running: set[asyncio.Task[None]] = set()
        self._handlers: dict[int, Callable[[Payload], Coroutine[Any, Any, None]]] = {
            Interaction.COMMAND: self._command,
            Interaction.COMPONENT: self._press,
            Interaction.AUTOCOMPLETE: self._complete,
            Interaction.MODAL_SUBMIT: self._submit,
        }

    def receive(self, payload: Payload) -> None:
        """Begin to answer. An interaction that the gateway sends twice is answered once."""
        if payload["id"] in self._recent or payload["type"] not in self._handlers:
            return
        self._recent[payload["id"]] = None
        if len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)
        task = asyncio.get_running_loop().create_task(self._guarded(payload))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def drain(self, seconds: float) -> None:
        """Finish the answers at work, for at most so long."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _guarded(self, payload: Payload) -> None:
        try:
            await self._handlers[payload["type"]](payload)
        except Exception:
            error = secrets.token_hex(4)
            log.exception("answering interaction %s failed; error %s", payload["id"], error)
            if payload["type"] != Interaction.AUTOCOMPLETE:
                await self._callbacks.respond(payload, _first_message(_apology(self._speak(payload), error)))

    async def _command(self, payload: Payload) -> None:
        call = incoming.command_call(payload, self._clock())
        command = self._front.find(call.command)
        if command is not None and command.quick:
            await self._respond(payload, await self._front.answer(call), self._kept_message)
            return
        await self._in_time(payload, call, self._front.answer)

    async def _press(self, payload: Payload) -> None:
        key, call = incoming.press_call(payload, self._clock())
        if key == ABOUT:
            await self._in_time(payload, call, self._front.answer)
            return
        press = self._front.knows(key)
        command = self._front.find(press.command) if press and press.verb != "share" else None
        if command is not None and command.quick:
            await self._respond(payload, await self._front.press(key, call), self._kept_message)
            return
        await self._in_time(payload, call, lambda filled: self._front.press(key, filled))

    async def _submit(self, payload: Payload) -> None:
        key, call = incoming.form_call(payload, self._clock())
        await self._in_time(payload, call, lambda filled: self._front.submit(key, filled))

    async def _complete(self, payload: Payload) -> None:
        call, option, partial = incoming.completion(payload, self._clock())
        try:
            async with asyncio.timeout(COMPLETION_SECONDS):
                choices = await self._front.complete(call, option, partial)
        except TimeoutError:
            choices = ()
        data = {"choices": suggestions(choices, incoming.wants_number(payload))}
        await self._callbacks.respond(payload, _body(Callback.AUTOCOMPLETE, data))

    async def _in_time(self, payload: Payload, call: Call, run: Callable[[Call], Awaitable[Answer]]) -> None:
        """Answer at once what is quick enough; announce the rest and answer it later."""
        work = asyncio.create_task(self._once(payload, call, run))
        try:
            await asyncio.wait((work,), timeout=PATIENCE)
            deferred = not work.done() and await self._defer(payload)
            answer = await work
        except asyncio.CancelledError:
            work.cancel()
            raise
        if answer is None:
            return
        if deferred:
            await self._later(payload, answer, deferred)
        else:
            await self._respond(payload, answer)

    async def _once(
        self, payload: Payload, call: Call, run: Callable[[Call], Awaitable[Answer]]
    ) -> Answer | None:
        """Run a call, with its files fetched, unless the same request was handled before a restart."""
        if not await self._front.first_time(call.request, call.at):
            return None
        try:
            files = {file.option: await self._callbacks.fetch(file) for file in incoming.attachments(payload)}
        except UserError as refusal:
            return Reply(title=refusal.said(self._speak(payload)))
        return await run(replace(call, uploads=files) if files else call)

    def _speak(self, payload: Payload) -> Translate:
        who = incoming.person(payload)
        return speaking(self._front.language(who, payload.get("locale") or "en"))

    async def _respond(
        self, payload: Payload, answer: Answer, render: Callable[[Reply], Body] = _first_message
    ) -> None:
        if isinstance(answer, Form):
            if payload["type"] != Interaction.MODAL_SUBMIT:
                await self._callbacks.respond(payload, _body(Callback.MODAL, modal(answer)))
                return
            answer = _another_form(self._speak(payload), answer)
        if answer.replaces and incoming.replaceable(payload):
            made = replacing(answer)
            body = Body(orjson.dumps({"type": Callback.UPDATE, "data": made.payload}), made.files)
        else:
            body = render(answer)
        await self._callbacks.respond(payload, body)

    async def _defer(self, payload: Payload) -> Callback:
        """Announce an answer, to the asker alone; a button that turns a page shows no waiting message."""
        quiet = payload["type"] == Interaction.COMPONENT and not incoming.opens(payload)
        kind = Callback.DEFERRED_UPDATE if quiet else Callback.DEFERRED_MESSAGE
        await self._callbacks.respond(payload, _body(kind, {} if quiet else {"flags": EPHEMERAL}))
        return kind

    async def _later(self, payload: Payload, answer: Answer, deferred: Callback) -> None:
        _ = self._speak(payload)
        reply = _too_late_for_a_form(_, answer) if isinstance(answer, Form) else answer
        if deferred is Callback.DEFERRED_UPDATE:
            if reply.replaces and incoming.replaceable(payload):
                await self._callbacks.edit(payload, Body.of(replacing(reply)))
            else:
                await self._callbacks.follow_up(payload, Body.of(message(reply), flags=_flags(reply)))
        elif reply.visibility == "private":
            await self._callbacks.edit(payload, Body.of(replacing(reply)))
        else:
            # A response announced in private stays private (receiving-and-responding, Messages note).
            posted = Reply(title=_("Posted below, for everybody in this channel."))
            await self._callbacks.edit(payload, Body.of(replacing(posted)))
            await self._callbacks.follow_up(payload, Body.of(message(reply)))


def _body(kind: Callback, data: dict[str, Any]) -> Body:
    return Body(orjson.dumps({"type": kind, "data": data} if data else {"type": kind}))


def _apology(_: Translate, error: str) -> Reply:
    words = _(
        "Something went wrong here, and it is not your doing. Send the command again; if that does not help, "
        "tell whoever runs this bot the number {error}, which its log explains."
    )
    return Reply(title=words.format(error=error))


def _another_form(_: Translate, form: Form) -> Reply:
    words = _("One more question is open: {title}. Discord shows no second form; send /{command} again.")
    return Reply(title=words.format(title=form.title, command=form.command))


def _too_late_for_a_form(_: Translate, form: Form) -> Reply:
    words = _("The form “{title}” came too late for Discord to show it; send /{command} again.")
    return Reply(title=words.format(title=form.title, command=form.command))
