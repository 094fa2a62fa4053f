"""From a request of Slack to its acknowledgement; what takes longer goes on behind it."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapter import Front
from bot.rendered import Rendered
from bot.slack_adapter import incoming, modals, outgoing
from bot.slack_adapter.answering import Answering
from bot.slack_adapter.incoming import Payload
from bot.slack_adapter.people import People, introduced
from bot.slack_adapter.recent import Recent
from bot.slack_adapter.refusals import FAILURES
from bot.slack_adapter.tasks import Tasks
from bot.slack_adapter.uploads import Uploads
from commands import parsing
from commands.model import Call, Choice, Command, Form, OptionValue, Prose, Reply, UserError, text
from commands.wording import Translate
from scheduler.address import Person

# A form has to be opened within three seconds of the command; what does not open one may wait for longer.
PROFILE_SECONDS, PROFILE_SECONDS_BEFORE_FORM = 5.0, 1.0

log = logging.getLogger(__name__)


class Receiving:
    """Answers Slack's requests. Each method returns what the acknowledgement carries.

    `acted` is told who has sent a command, pressed a button or filled in a form, once that is answered.
    """

    def __init__(
        self, front: Front, people: People, answering: Answering, uploads: Uploads, web: AsyncWebClient,
        tasks: Tasks, clock: Callable[[], datetime], acted: Callable[[Person], Awaitable[None]],
    ) -> None:  # fmt: skip
        self._acted = acted
        self._front, self._people, self._answering = front, people, answering
        self._uploads, self._web = uploads, web
        self._tasks, self._clock = tasks, clock
        self._recent = Recent()
        self._in_ack = Rendered(_in_ack)

    async def command(self, payload: Payload) -> str:
        """Handle a slash command: a quick one's answer is the acknowledgement's body."""
        if not self._recent.first_time(incoming.request_id(payload)):
            return ""
        try:
            command, options = self._parsed(payload)
        except UserError as refusal:
            return self._in_ack(self._refusal(payload, refusal)) or ""
        call = incoming.command_call(payload, command.path, options, self._clock())
        if command.quick and command.right == "anyone" and not _asks(command, options):
            return await self._directly(payload, call)
        self._tasks.start(self._later(payload, call, command), f"/{command.path}")
        return ""

    async def press(self, payload: Payload) -> None:
        """Handle the press of a button."""
        if self._recent.first_time(incoming.request_id(payload)):
            key, call = incoming.press_call(payload, self._clock())
            self._tasks.start(self._pressed(payload, key, call), f"button {key}")

    async def submit(self, payload: Payload) -> Mapping[str, Any] | None:
        """Handle a form: what is wrong with an answer is said beside it, the rest in a message."""
        key, call = incoming.form_call(payload, self._clock())
        errors = self._errors(key, call)
        if errors:
            return {"response_action": "errors", "errors": errors}
        if self._recent.first_time(incoming.request_id(payload)):
            self._tasks.start(self._submitted(payload, key, call), f"form {key}")
        return None

    async def suggest(self, payload: Payload) -> Mapping[str, Any]:
        """Suggest values while somebody types into a form."""
        call, name, partial = incoming.completion(payload, self._clock())
        pressed = self._front.knows(payload["view"]["callback_id"])
        if not call.command and pressed:
            call = replace(call, command=pressed.command)
        command = self._front.find(call.command)
        option = next((o for o in command.options if o.name == name), None) if command else None
        if option is not None and option.kind == "role":
            return {"options": modals.options(await self._groups(partial))}
        call = replace(call, caller=introduced(call.caller, self._people.known(call.caller.person)))
        choices = list(await self._front.complete(call, name, partial))
        if option is not None and option.kind == "text" and partial.strip():
            # A select takes only what it offers, so what was typed is offered too.
            choices.append(Choice(partial.strip(), partial.strip()))
        return {"options": modals.options(choices)}

    def _parsed(self, payload: Payload) -> tuple[Command, Mapping[str, str]]:
        """A topic without further words is found by its name; everything else is a line to read."""
        name = payload["command"].removeprefix("/")
        topic = None if payload.get("text") else self._front.find(name)
        return (topic, {}) if topic is not None else self._front.parse(incoming.line(payload))

    async def _directly(self, payload: Payload, call: Call) -> str:
        """Answer in the acknowledgement, with what is known of the asker by now."""
        profile = self._people.known(call.caller.person)
        if profile is None:
            self._tasks.start(self._meet(call), "who asks")
        answer = await self._front.answer(replace(call, caller=introduced(call.caller, profile)))
        body = None if isinstance(answer, Form) else self._in_ack(answer)
        if body is None:
            self._tasks.start(self._answering.give(incoming.origin(payload), answer), f"/{call.command}")
        return body or ""

    async def _meet(self, call: Call) -> None:
        await self._people.profile(call.caller.person, PROFILE_SECONDS)

    async def _introduced(self, call: Call, command: Command | None, asks: bool) -> Call:
        """Find out who asks, for as long as the command can wait; a form does not need to know."""
        needed = command is not None and command.right != "anyone"
        if asks and not needed:
            profile = self._people.known(call.caller.person)
        else:
            wait = PROFILE_SECONDS_BEFORE_FORM if asks or (command and command.asks) else PROFILE_SECONDS
            profile = await self._people.profile(call.caller.person, wait)
        return replace(call, caller=introduced(call.caller, profile))

    async def _later(self, payload: Payload, call: Call, command: Command) -> None:
        if call.request and not await self._front.first_time(call.request, call.at):
            return
        call = await self._introduced(call, command, _asks(command, call.options))
        await self._answering.give(incoming.origin(payload), await self._front.answer(call))
        await self._acted(call.caller.person)

    async def _pressed(self, payload: Payload, key: str, call: Call) -> None:
        known = self._front.knows(key)
        command = self._front.find(known.command) if known else None
        harmless = command is not None and command.quick
        if call.request and not harmless and not await self._front.first_time(call.request, call.at):
            return
        call = await self._introduced(call, command, asks=False)
        await self._answering.give(incoming.origin(payload), await self._front.press(key, call))
        if not harmless:
            await self._acted(call.caller.person)

    async def _submitted(self, payload: Payload, key: str, call: Call) -> None:
        if call.request and not await self._front.first_time(call.request, call.at):
            return
        asked = incoming.origin(payload)
        call = await self._introduced(call, None, asks=False)
        try:
            uploads = {file.option: await self._uploads.fetch(file) for file in incoming.attachments(payload)}
        except UserError as refusal:
            await self._answering.give(asked, self._refusal(payload, refusal))
            return
        except FAILURES as problem:
            log.warning("a file could not be fetched: %r", problem)
            lost = UserError("The file could not be fetched from Slack; send the form once more.")
            await self._answering.give(asked, self._refusal(payload, lost))
            return
        await self._answering.give(asked, await self._front.submit(key, replace(call, uploads=uploads)))
        await self._acted(call.caller.person)

    def _errors(self, key: str, call: Call) -> dict[str, str]:
        """What is wrong with the answers of a form, by the option's name, found without I/O."""
        known = self._front.knows(key)
        command = self._front.find(known.command) if known else None
        if command is None:
            return {}
        found: dict[str, str] = {}
        for name, value in call.options.items():
            try:
                parsing.coerce(command, {name: value})
            except UserError as refusal:
                found[name] = refusal.said(self._speaking(call.caller.person))
        return found

    async def _groups(self, partial: str) -> list[Choice]:
        """The workspace's user groups whose name or handle holds what was typed."""
        try:
            answer = await self._web.usergroups_list()
        except FAILURES as problem:
            log.warning("the user groups could not be listed: %r", problem)
            return []
        folded = partial.casefold()
        every = [
            Choice(f"@{group['handle']} ({group['name']})", f"usergroup:{group['id']}")
            for group in answer["usergroups"]
        ]
        return [choice for choice in every if folded in choice.label.casefold()]

    def _speaking(self, person: Person) -> Translate:
        return self._people.speaking(self._front, person)

    def _refusal(self, payload: Payload, refusal: UserError) -> Reply:
        translate = self._speaking(incoming.origin(payload).person)
        said = refusal.said(translate)
        return Reply(translate("Not done"), (Prose(text(said)),), summary=said)


def _asks(command: Command, options: Mapping[str, OptionValue]) -> bool:
    """Say whether a required option is missing, so that a form has to be opened."""
    return any(option.required and not options.get(option.name) for option in command.options)


def _in_ack(reply: Reply) -> str | None:
    """Write a reply as an acknowledgement's body; None where files have to be uploaded first."""
    made = outgoing.message(reply)
    if made.files or not outgoing.is_plain(reply):
        return None
    visible = "in_channel" if reply.visibility == "public" else "ephemeral"
    return orjson.dumps({"response_type": visible, **made.payload}).decode()
