"""The whole bot behind each platform's real wire, driven by one set of verbs."""

import asyncio
import contextlib
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp

from bot.app import App, running
from bot.settings import Settings
from scheduler.runner import utc_now
from tests.clocks import Ahead
from tests.office import SHIPPED
from tests.peers.discord_peer import DiscordPeer
from tests.peers.discord_peer.world import MANAGER_USER, READER_USER
from tests.peers.slack_peer import SlackPeer
from tests.peers.slack_peer.files_api import may_open

GUILD, GENERAL = "100000000000000001", "110000000000000001"
ADMINS = f"slack:T1/U9,discord:{MANAGER_USER}"


@dataclass
class Shown:
    """What a person sees of an answer: its words without markup, its buttons, its form, its pictures.

    A picture is its alt text and its bytes.
    """

    text: str
    buttons: list[str] = field(default_factory=list)
    private: bool = True
    form: list[str] | None = None
    raw: Any = None
    pictures: list[tuple[str, bytes]] = field(default_factory=list)


class Wire(Protocol):
    """One platform with the bot behind it."""

    platform: str
    channel: str
    reader: str
    app: App
    clock: Ahead

    async def say(self, line: str, *, manages: bool = False, admin: bool = False) -> Shown:
        """Type a line in the channel: as the reader, who may manage it, or as the admin."""

    async def press(self, shown: Shown, label: str) -> Shown:
        """Press a button of an answer."""

    async def fill(self, shown: Shown, answers: dict[str, str]) -> Shown:
        """Fill in and submit a form."""

    async def arrived(self, where: str = "") -> list[Shown]:
        """What stands in a channel for everybody, oldest first; in the wire's own if none is named."""

    async def inbox(self) -> list[Shown]:
        """What stands in the reader's direct messages, oldest first."""

    def notified(self) -> list[str]:
        """Who was pinged by anything that the bot wrote so far."""

    async def outage(self) -> None:
        """Take the platform away."""

    async def back(self) -> None:
        """Bring the platform back."""

    async def connected(self) -> None:
        """Wait until the bot is connected."""

    def unlawful(self) -> list[str]:
        """What the bot sent that the platform's own description forbids."""


async def until(ready: Callable[[], object], seconds: float = 15.0) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(seconds):
        while not ready():
            await asyncio.sleep(0.02)


def split(line: str) -> tuple[str, str]:
    """Cut a typed line into the platform's command name and the rest."""
    name, _, rest = line.removeprefix("/").partition(" ")
    return name, rest


def bare(words: str) -> str:
    """Take markup and line breaks out of Discord's Markdown."""
    plain = re.sub(r"^(?:> ?|-# |#+ )+", "", words, flags=re.MULTILINE)
    plain = re.sub(r"\\([\\*_~`|>\[\]()#:<@.\-+!])", "\x00\\1", plain)
    plain = re.sub(r"(?<!\x00)[*`]|(?<!\x00)(?<!\w)_|(?<!\x00)_(?!\w)", "", plain).replace("\x00", "")
    return " ".join(plain.split())


class DiscordWire:
    """The bot behind the loopback Discord."""

    platform = "discord"
    channel = f"discord:{GUILD}/{GENERAL}"
    reader = f"discord:@me/@{READER_USER}"

    def __init__(self, peer: DiscordPeer, app: App, clock: Ahead) -> None:
        self.peer, self.app, self.clock = peer, app, clock

    async def say(self, line: str, *, manages: bool = False, admin: bool = False) -> Shown:
        command, given = self.app.front.parse(line)
        types = {option.name: option.kind for option in command.options}
        options: dict[str, Any] = {n: int(v) if types[n] == "integer" else v for n, v in given.items()}
        permissions = 8 if manages or admin else None
        user = MANAGER_USER if admin else None
        exchange = await self.peer.command(command.path, options, permissions=permissions, user=user)
        return await self._shown(exchange)

    async def _shown(self, exchange: Any) -> Shown:
        first = await exchange.first_response()
        if first["type"] == 9:
            labels = [part["component"]["custom_id"] for part in first["data"]["components"]]
            return Shown(first["data"]["title"], form=labels, raw=exchange)
        message = await exchange.answer()
        return self.message(message, private=exchange.ephemeral)

    def message(self, message: dict[str, Any], *, private: bool) -> Shown:
        parts = [message.get("content") or ""]
        for embed in message.get("embeds", []):
            parts += [
                embed.get("title", ""),
                embed.get("description", ""),
                embed.get("footer", {}).get("text", ""),
            ]
            parts += [f"{f['name']} {f['value']}" for f in embed.get("fields", [])]
        buttons = [part["label"] for row in message.get("components", []) for part in row["components"]]
        return Shown(
            bare("\n".join(parts)), buttons, private, raw=message, pictures=list(self._pictures(message))
        )

    def _pictures(self, message: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
        """What embeds show of the message's own attachments."""
        sent = {each["url"]: each for each in message.get("attachments", [])}
        for embed in message.get("embeds", []):
            if "image" in embed:
                found = sent[embed["image"]["url"]]
                yield found["description"], self.peer.state.files[found["id"]].data

    async def press(self, shown: Shown, label: str) -> Shown:
        return await self._shown(await self.peer.click(label, shown.raw))

    async def fill(self, shown: Shown, answers: dict[str, str]) -> Shown:
        return await self._shown(await self.peer.submit(shown.raw, answers))

    async def arrived(self, where: str = "") -> list[Shown]:
        channel = (where or self.channel).rpartition("/")[2]
        return [
            self.message(stored.payload, private=False)
            for stored in self.peer.messages(channel)
            if stored.only_for is None
        ]

    async def inbox(self) -> list[Shown]:
        found = [c for c in self.peer.state.channels.values() if c.recipient_id == READER_USER]
        return [each for channel in found for each in await self.arrived(channel.id)]

    def notified(self) -> list[str]:
        return [who for stored in self.peer.state.stored.values() for who in stored.notified]

    async def outage(self) -> None:
        await self.peer.stop()

    async def back(self) -> None:
        await self.peer.start()

    async def connected(self) -> None:
        await self.peer.until_connected()
        await until(lambda: self.app.adapters["discord"].status().connected and self.peer.commands())

    def unlawful(self) -> list[str]:
        return list(self.peer.violations)


class SlackWire:
    """The bot behind the loopback Slack, over Socket Mode."""

    platform = "slack"
    channel = "slack:T1/C1"
    reader = "slack:T1/@U1"

    def __init__(self, peer: SlackPeer, app: App, clock: Ahead) -> None:
        self.peer, self.app, self.clock = peer, app, clock

    async def say(self, line: str, *, manages: bool = False, admin: bool = False) -> Shown:
        name, rest = split(line)
        user = "U9" if manages or admin else "U1"
        return await self._shown(await self.peer.command(f"/{name}", rest, user=user))

    async def _shown(self, exchange: Any) -> Shown:
        shown = await exchange.answer()
        if exchange.views:
            view = shown
            fields = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
            return Shown(view["title"]["text"], form=fields, raw=(exchange, view))
        return self.message(shown, private=exchange.ephemeral, user=exchange.user)

    def message(self, message: dict[str, Any], *, private: bool, user: str = "U1") -> Shown:
        blocks = message.get("blocks", [])
        parts: list[str] = []
        buttons: list[str] = []
        for block in blocks:
            if block["type"] == "actions":
                buttons += [element["text"]["text"] for element in block["elements"]]
            else:
                _gather(block, parts)
        pictures = [self._picture(block, user, private) for block in blocks if block["type"] == "image"]
        return Shown(
            " ".join("".join(parts).split()), buttons, private, raw=(message, user), pictures=pictures
        )

    def _picture(self, block: dict[str, Any], user: str, private: bool) -> tuple[str, bytes]:
        """What a picture's block shows; in a message for one person alone, only what they may open."""
        file = block["slack_file"]["id"]
        assert not private or may_open(self.peer.state, file, user)
        return block["alt_text"], self.peer.state.files[file].data

    async def press(self, shown: Shown, label: str) -> Shown:
        message, user = shown.raw
        for block in message["blocks"]:
            for element in block.get("elements", []) if block["type"] == "actions" else []:
                if element["text"]["text"] == label:
                    return await self._shown(await self.peer.click(element["action_id"], user=user))
        raise AssertionError(f"no button {label!r} among {shown.buttons}")

    async def fill(self, shown: Shown, answers: dict[str, Any]) -> Shown:
        exchange, view = shown.raw
        submitted = await self.peer.submit(view, answers, user=exchange.user)
        # The answer to a form may come through the response URL of the command that opened it.
        await until(lambda: submitted.seen or submitted.others or len(exchange.seen) > 1)
        answered = submitted if submitted.seen or submitted.others else exchange
        return self.message(await answered.answer(), private=answered.ephemeral, user=exchange.user)

    async def arrived(self, where: str = "") -> list[Shown]:
        channel = (where or self.channel).rpartition("/")[2]
        return [self.message(stored.payload, private=False) for stored in self.peer.messages(channel)]

    async def inbox(self) -> list[Shown]:
        return await self.arrived(self.peer.state.direct("U1").id)

    def notified(self) -> list[str]:
        everything = [m for each in self.peer.state.messages.values() for m in each]
        return [who for stored in [*everything, *self.peer.state.ephemerals] for who in stored.notified]

    async def outage(self) -> None:
        await self.peer.stop()

    async def back(self) -> None:
        await self.peer.start()

    async def connected(self) -> None:
        await self.peer.wait_connected(timeout=30)
        await until(lambda: self.app.adapters["slack"].status().connected)

    def unlawful(self) -> list[str]:
        return [f"{call.method}: {call.answer}" for call in self.peer.refused]


class SlackOverHttp(SlackWire):
    """The bot behind the loopback Slack, over HTTP."""

    async def connected(self) -> None:
        await until(lambda: self.app.adapters["slack"].status().connected, 30)


def _gather(part: Any, into: list[str]) -> None:
    """Collect the words of Block Kit, whatever holds them."""
    if isinstance(part, list):
        for each in part:
            _gather(each, into)
    elif isinstance(part, dict):
        if isinstance(part.get("text"), str):
            into.append(part["text"])
        elif part.get("type") == "link":
            into.append(part["url"])
        else:
            for name in ("text", "elements", "fields", "title"):
                _gather(part.get(name), into)
        if part.get("type", "").startswith(("rich_text_", "section", "header", "context", "mrkdwn")):
            into.append(" ")


class PageWire:
    """The bot behind its own page, over HTTP."""

    platform = "web"
    channel = reader = "web:local/lobby"

    def __init__(self, session: aiohttp.ClientSession, app: App, clock: Ahead) -> None:
        self.session, self.app, self.clock = session, app, clock
        parts = urlsplit(app.link)
        self.origin = f"{parts.scheme}://{parts.netloc}"

    async def _post(self, path: str, **body: Any) -> Shown:
        sent = {"request": uuid4().hex, **body}
        async with self.session.post(
            self.origin + path, json=sent, headers={"Origin": self.origin}
        ) as response:
            found = await response.json()
            assert response.status == 200, found
        if "html" not in found:
            return (await self.arrived())[-1]
        card = Card(found["html"])
        form = card.fields if found["kind"] == "form" else None
        pictures = [(alt, await self._bytes(source)) for alt, source in card.pictures]
        return Shown(
            card.words, card.buttons, "Only you see this" in found["html"], form, found | {"keys": card.keys},
            pictures,
        )  # fmt: skip

    async def _bytes(self, source: str) -> bytes:
        async with self.session.get(self.origin + source) as response:
            assert response.content_type == "image/png", source
            return await response.read()

    async def say(self, line: str, *, manages: bool = False, admin: bool = False) -> Shown:
        return await self._post("/api/call", line=line)

    async def press(self, shown: Shown, label: str) -> Shown:
        return await self._post("/api/press", key=shown.raw["keys"][label])

    async def fill(self, shown: Shown, answers: dict[str, str]) -> Shown:
        return await self._post("/api/submit", key=shown.raw["key"], answers=answers)

    async def inbox(self) -> list[Shown]:
        return await self.arrived()

    async def arrived(self, where: str = "") -> list[Shown]:
        async with self.session.get(self.origin) as response:
            page = await response.text()
        cards = [
            Card(html) for html in re.findall(r"<article class=\"card[^>]*>.*?</article>", page, re.DOTALL)
        ]
        return [Shown(c.words, c.buttons, private=False, raw={"keys": c.keys}) for c in reversed(cards)]

    def notified(self) -> list[str]:
        return []

    async def outage(self) -> None:
        raise NotImplementedError("the page is the bot's own")

    async def back(self) -> None:
        raise NotImplementedError("the page is the bot's own")

    async def connected(self) -> None:
        async with self.session.get(self.app.link) as response:
            assert response.status == 200

    def unlawful(self) -> list[str]:
        return []


class Card(HTMLParser):
    """The words, buttons and fields of a card as the page shows it, without the other looks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._skip = 0
        self._key: str | None = None
        self._parts: list[str] = []
        self.buttons: list[str] = []
        self.fields: list[str] = []
        self.pictures: list[tuple[str, str]] = []
        self.keys: dict[str, str] = {}
        self.feed(html)
        self.words = " ".join("".join(self._parts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self._skip:
            self._skip += tag == "div"
            return
        if tag == "div" and {"as-slack", "as-discord"} & set((given.get("class") or "").split()):
            self._skip = 1
            return
        if tag == "img":
            self.pictures.append((str(given["alt"]), str(given["src"])))
        if tag == "button" and given.get("data-key"):
            self._key = given["data-key"]
        if tag in {"input", "select", "textarea"} and given.get("name"):
            self.fields.append(str(given["name"]))
        self._parts.append(
            " " if tag in {"p", "div", "li", "h2", "h3", "figure", "figcaption", "dd", "dt"} else ""
        )

    def handle_endtag(self, tag: str) -> None:
        if self._skip:
            self._skip -= tag == "div"
        elif tag == "button":
            self._key = None

    def handle_data(self, data: str) -> None:
        if self._skip:
            return
        if self._key and data.strip():
            self.buttons.append(data.strip())
            self.keys[data.strip()] = self._key
        else:
            self._parts.append(data)


@contextlib.asynccontextmanager
async def on_discord(folder: Path, clock: Ahead | None = None, **more: Any) -> AsyncIterator[Wire]:
    """Open the bot with Discord."""
    clock = clock or Ahead()
    async with DiscordPeer(clock=clock.now) as peer:
        settings = settings_for(folder, discord_token=peer.token, discord_api_base=peer.api_base, **more)
        async with running(settings, clock.utc) as app:
            wire = DiscordWire(peer, app, clock)
            await wire.connected()
            yield wire


@contextlib.asynccontextmanager
async def on_slack(folder: Path, clock: Ahead | None = None, **more: Any) -> AsyncIterator[Wire]:
    """Open the bot with Slack, over Socket Mode."""
    clock = clock or Ahead()
    async with SlackPeer(clock=clock) as peer:
        settings = settings_for(
            folder,
            slack_bot_token=peer.bot_token,
            slack_app_token=peer.app_token,
            slack_api_base=peer.api_base,
            **more,
        )
        async with running(settings, clock.utc) as app:
            wire = SlackWire(peer, app, clock)
            await wire.connected()
            yield wire


@contextlib.asynccontextmanager
async def on_slack_over_http(folder: Path, clock: Ahead | None = None, **more: Any) -> AsyncIterator[Wire]:
    """Open the bot with Slack, over signed HTTP requests to the public listener."""
    clock = clock or Ahead()
    async with SlackPeer(clock=clock) as peer:
        settings = settings_for(
            folder, slack_bot_token=peer.bot_token, slack_signing_secret=peer.signing_secret, public_port=0,
            slack_api_base=peer.api_base, **more,
        )  # fmt: skip
        async with running(settings, clock.utc) as app:
            assert app.public is not None
            peer.http_target = f"http://127.0.0.1:{app.public.port}/slack/events"
            wire = SlackOverHttp(peer, app, clock)
            await wire.connected()
            yield wire


@contextlib.asynccontextmanager
async def on_the_page(folder: Path, clock: Ahead | None = None, **more: Any) -> AsyncIterator[Wire]:
    """Open the bot with its page alone."""
    clock = clock or Ahead()
    async with (
        running(settings_for(folder, **more), clock.utc) as app,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session,
    ):
        wire = PageWire(session, app, clock)
        await wire.connected()
        yield wire


OPENERS = {"discord": on_discord, "slack": on_slack, "slack-http": on_slack_over_http, "web": on_the_page}


def settings_for(folder: Path, **values: Any) -> Settings:
    """Settings of a bot whose data and briefs stand in a folder of its own."""
    briefs = folder / "briefs"
    if not briefs.exists():
        shutil.copytree(SHIPPED, briefs / SHIPPED.name)
    return Settings(
        data_dir=folder / "data",
        briefs_dir=briefs,
        web_port=0,
        **{"encoder": "off", **values},
    )


__all__ = ["OPENERS", "Shown", "Wire", "settings_for", "until", "utc_now"]
