"""A desk on a database in memory, to say a line to and read the answer."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from bot.actions import Actions
from bot.adapter import Adapter
from bot.audit import Audit
from bot.database import Database
from bot.outside import Outside
from briefs.library import Library
from briefs.reading import Document, read_brief, read_folder
from briefs.search import Indexes
from commands.catalogue import FIXED
from commands.desk import Desk
from commands.dispatch import Dispatcher
from commands.model import Answer, Call, Caller, Form, Press, Reply
from commands.publish import publish
from commands.registry import Registry
from commands.rights import Rights
from commands.stored import to_json
from commands.views.plain import plain
from scheduler.address import Destination, Person
from scheduler.deliveries import Deliveries, Delivery
from scheduler.outcomes import Outcome, Sent
from scheduler.people import People
from scheduler.subscriptions import Subscriptions
from tests.engines import opened

SHIPPED = Path(__file__).parent.parent / "briefs" / "korean-peninsula-2024"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
READER = Caller(Person("slack", "T1", "U1"), "Reader", locale="en-US", zone="Asia/Tokyo")
MANAGER = replace(READER, person=Person("slack", "T1", "U2"), name="Manager", manages=True)
ADMIN = replace(READER, person=Person("slack", "T1", "U9"), name="Admin")
CHANNEL = Destination("slack", "T1", "C1")


@dataclass
class Office:
    """One bot without its adapters."""

    desk: Desk
    dispatcher: Dispatcher
    now: datetime = NOW

    async def say(
        self, line: str, caller: Caller = READER, place: Destination = CHANNEL, **options: str
    ) -> Answer:
        """Say a line as a person types it."""
        command, given = self.desk.registry.parse(line, self.desk.revisions(), self.now)
        call = Call(command.path, caller, place, self.now, {**given, **options})
        return await self.dispatcher.answer(call)

    async def reply(self, line: str, caller: Caller = READER, place: Destination = CHANNEL) -> Reply:
        """Say a line that is answered at once."""
        answer = await self.say(line, caller, place)
        assert isinstance(answer, Reply), answer
        return answer

    async def form(self, line: str, caller: Caller = READER) -> Form:
        """Say a line that asks back."""
        answer = await self.say(line, caller)
        assert isinstance(answer, Form), answer
        return answer

    async def text(self, line: str, caller: Caller = READER, place: Destination = CHANNEL) -> str:
        """Say a line and read the answer as plain text."""
        return plain(await self.reply(line, caller, place))

    async def click(self, key: str, caller: Caller = READER, place: Destination = CHANNEL) -> Reply:
        """Press a button."""
        answer = await self.dispatcher.press(key, Call("", caller, place, self.now))
        assert isinstance(answer, Reply), answer
        return answer

    async def whole(self, line: str, caller: Caller = READER) -> str:
        """Say a line and turn every page of the answer."""
        page = await self.reply(line, caller)
        texts = [plain(page.with_(footer=""))]
        while page.page < page.pages:
            page = await self.click(key_of_page(page, page.page + 1), caller)
            texts.append(plain(page.with_(footer="")))
        return "\n".join(texts)

    async def rows(self, where: Destination) -> list[Delivery]:
        """Every delivery to a place, the first due first."""
        async with self.desk.store.reading() as tx:
            return await self.desk.deliveries.where(tx, "destination = ?", str(where))

    async def deliver(self, at: datetime) -> list[Delivery]:
        """Let the platforms take what is due at a moment, one tick's worth; return it as it was sent."""
        deliveries = self.desk.deliveries
        async with self.desk.store.transaction() as tx:
            taken = await deliveries.claim(tx, at)
            for each in taken:
                reply = Reply(f"About {each.item}", summary=f"About {each.item}")
                await deliveries.compose(tx, each.id, to_json(reply), 1)
                await deliveries.confirm(tx, each.id, Sent(f"m{each.id}"), at)
        return taken

    async def attempt(self, outcome: Outcome, at: datetime, *, composed: bool = True) -> Delivery:
        """Take the one message that is due, compose it, and store what became of it."""
        self.now = at
        ledger = self.desk.deliveries
        async with self.desk.store.transaction() as tx:
            (each,) = await ledger.claim(tx, at)
        async with self.desk.store.transaction() as tx:
            if composed:
                revision = self.desk.revisions()[each.brief].number
                assert await ledger.compose(tx, each.id, '{"title": "Soon"}', revision)
            await ledger.confirm(tx, each.id, outcome, at)
        return await self.delivery(each.id)

    async def delivery(self, id: int) -> Delivery:
        """Return one delivery as the ledger has it."""
        async with self.desk.store.reading() as tx:
            found = await self.desk.deliveries.get(tx, id)
        assert found is not None
        return found

    async def publish(self, document: Document) -> None:
        """Publish a document."""
        await publish(
            self.desk.store, self.desk.library, self.desk.outside.replan_published, document,
            author="file", at=self.now, reason="test", origin="file",
        )  # fmt: skip


def key_of_page(page: Reply, wanted: int) -> str:
    """The key of the button that turns to a page."""
    return next(a.key for a in page.actions if a.press.verb == "page" and a.press.page == wanted)


def key_of(reply: Reply, label: str) -> str:
    """The key of the button with a label."""
    found = [action.key for action in reply.actions if action.label == label]
    assert found, (label, [action.label for action in reply.actions])
    return found[0]


def press_of(reply: Reply, label: str) -> Press:
    """What the button with a label asks for."""
    return next(action.press for action in reply.actions if action.label == label)


@contextlib.asynccontextmanager
async def office(*documents: Document, path: Path | None = None) -> AsyncIterator[Office]:
    """Open a bot without adapters that holds some documents, on the engine whose turn it is."""
    async with opened() if path is None else Database(path) as database:
        library = Library()
        async with database.reading() as tx:
            await library.load(tx)
        subscriptions, deliveries = Subscriptions(), Deliveries()
        here: dict[str, Adapter] = {"slack": cast(Adapter, None)}  # only its presence is asked for
        outside = Outside(database, library, subscriptions, deliveries, here, lambda: NOW)
        desk = Desk(
            database, library, Registry(FIXED),
            Rights(frozenset({ADMIN.person}), frozenset({"slack:T9"}), frozenset({"slack:T1/usergroup:S1"})),
            Indexes(), subscriptions, People(), deliveries, Actions(), outside, {}, Audit(),
        )  # fmt: skip
        made = Office(desk, Dispatcher(desk))
        for document in documents:
            await made.publish(document)
        yield made


def shipped() -> Document:
    """The brief that ships."""
    return read_folder(SHIPPED)


def edited(changes: Mapping[str, str]) -> Document:
    """The shipped brief with some text of its YAML replaced."""
    yaml = (SHIPPED / "brief.yaml").read_text("utf-8")
    for old, new in changes.items():
        assert old in yaml, old
        yaml = yaml.replace(old, new)
    return read_brief(yaml.encode(), (SHIPPED / "report.md").read_bytes())
