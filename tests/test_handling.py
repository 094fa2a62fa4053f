"""Nothing that is withheld is shown before its time, or to whom it is withheld from: every road is walked."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import running
from bot.discord_adapter.listing import listing
from bot.outside import Outside
from bot.rehearsal import rehearse
from bot.settings import Settings
from bot.slack_adapter.listing import manifest
from commands.model import Caller
from commands.writing import circumstances, written
from scheduler.address import Destination, destination
from scheduler.subscriptions import subscription
from tests.bot.test_cli import briefbot
from tests.canaries import but_typed, canaries, documents, withheld
from tests.errands import Errand, errands, said
from tests.office import ADMIN, CHANNEL, MANAGER, READER, Office, office
from tests.wires import DiscordWire, PageWire, on_discord, on_the_page, until

BEFORE, AFTER = datetime(2026, 11, 30, 23, 59, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
EMBARGO, ADMINS_ONLY = "embargo_until: 2026-12-01", "distribution: admins"
# The doors by which withheld text is written, proposed and approved; only editors pass them (docs/handling.md).
DOORS = frozenset(
    {"brief-admin history", "brief-admin diff", "brief-admin rollback", "brief-admin upload",
     "brief-admin proposal", "brief-admin approve", "brief-admin reject"}
)  # fmt: skip
# What would end the walk of a person, or change the briefs under it.
ENDS = frozenset({"brief mute", "brief forget-me", "brief-admin reviewed"})
Walker = tuple[Caller, Destination]
WALKERS: Sequence[Walker] = (
    (READER, CHANNEL), (MANAGER, CHANNEL), (READER, READER.person.inbox), (ADMIN, ADMIN.person.inbox),
)  # fmt: skip


async def _followed(bot: Office) -> None:
    """Follow what is withheld, as somebody did before it was, and have the ledger planned."""
    early = datetime(2026, 11, 1, tzinfo=UTC)
    async with bot.desk.store.transaction() as tx:
        for place in (CHANNEL, READER.person.inbox, destination("web:local/lobby")):
            for brief, subject in (("open-harbour", ""), ("open-harbour", "date:zqdate"),
                                   ("open-harbour", "topic:zqtopic"), ("sealed-harbour", "")):  # fmt: skip
                made, _ = await bot.desk.subscriptions.add(
                    tx, subscription(brief, "reminders", place, str(READER.person), early, subject=subject)
                )
                await bot.desk.outside.replan_subscription(tx, made.id, early)
            for brief in ("open-harbour", "sealed-harbour"):
                made, _ = await bot.desk.subscriptions.add(
                    tx,
                    subscription(brief, "digest", place, str(READER.person), early, schedule="daily 09:00"),
                )
                await bot.desk.outside.replan_subscription(tx, made.id, early)


async def _messages(bot: Office, places: Iterable[Destination]) -> list[Errand]:
    """Everything that the ledger would send to some places, written as it would be at this moment."""
    found = []
    for place in places:
        for row in (await bot.rows(place))[:60]:
            async with bot.desk.store.reading() as tx:
                about = await circumstances(bot.desk, tx, row)
            reply = written(bot.desk, bot.desk.revisions()[row.brief], about, bot.now)
            found.append(Errand(f"{row.kind} of {row.item} at {place}", [], said(reply) if reply else []))
    return found


def _surroundings(bot: Office) -> list[Errand]:
    """What the platforms and the page are told of the bot, beside the answers."""
    commands = bot.desk.registry.commands(bot.desk.revisions(), bot.now)
    return [
        Errand("Discord's list", [], [str(listing(commands))]),
        Errand("Slack's manifest", [], [str(manifest(commands, socket_mode=True, public_url=None))]),
    ]


async def _side(bot: Office) -> Errand:
    """The page's side column, which its operator sees, and what health says to admins."""
    outside = bot.desk.outside
    assert isinstance(outside, Outside)
    lines = [*await outside.planned(50, "en"), *await outside.briefs("en"), *await outside.health("en")]
    return Errand("the page's side column", [], [str(line) for line in lines])


def _leaks(walked: Sequence[Errand]) -> dict[str, list[str]]:
    """Each withheld word that somebody was shown without having typed it, with some of the roads to it."""
    everything = [word for errand in walked for word in errand.typed]
    found: dict[str, list[str]] = {}
    for errand in walked:
        # These two repeat what was typed before.
        repeats = errand.command.startswith(("brief-admin audit", "brief-admin misses"))
        typed = everything if repeats else errand.typed
        for word in but_typed(errand.shown, typed):
            found.setdefault(word, []).append(f"{errand.command} {errand.typed}")
    return {word: sorted(set(roads))[:4] for word, roads in sorted(found.items())}


async def _walked(bot: Office, walkers: Iterable[Walker], skipped: frozenset[str]) -> list[Errand]:
    return [errand for who, where in walkers for errand in await errands(bot, who, where, skipped)]


@pytest.mark.parametrize("walker", WALKERS, ids=lambda each: f"{each[0].name}-{each[1]}")
async def test_nothing_under_embargo_is_shown_by_any_command_before_its_time(walker: Walker) -> None:
    async with office(*documents(EMBARGO)) as bot:
        bot.now = BEFORE
        await _followed(bot)
        walked = await _walked(bot, [walker], DOORS | ENDS) + _surroundings(bot)
        walked += [await _side(bot), *await _messages(bot, [walker[1]])]
        assert _leaks(walked) == {}


async def test_everything_is_shown_from_the_moment_on() -> None:
    async with office(*documents(EMBARGO)) as bot:
        bot.now = AFTER
        await _followed(bot)
        walked = await _walked(bot, [(READER, CHANNEL)], DOORS | ENDS) + _surroundings(bot)
        walked += await _messages(bot, [CHANNEL])
        shown = canaries(*(word for errand in walked for word in errand.shown))
        assert withheld() - shown == frozenset()


@pytest.mark.parametrize("walker", WALKERS[:2], ids=lambda each: f"{each[0].name}-{each[1]}")
async def test_what_is_for_admins_is_shown_to_nobody_else(walker: Walker) -> None:
    async with office(*documents(ADMINS_ONLY)) as bot:
        bot.now = BEFORE
        await _followed(bot)
        walked = await _walked(bot, [walker], ENDS) + _surroundings(bot)
        walked += await _messages(bot, [walker[1]])
        assert _leaks(walked) == {}


async def test_what_is_for_admins_is_shown_to_an_admin() -> None:
    async with office(*documents(ADMINS_ONLY)) as bot:
        bot.now = BEFORE
        await _followed(bot)
        walked = await _walked(bot, [(ADMIN, ADMIN.person.inbox)], DOORS | ENDS)
        walked += await _messages(bot, [destination("web:local/lobby")])
        shown = canaries(*(word for errand in walked for word in errand.shown))
        # Commands and their descriptions are the same for everybody, so that an admin asks with /brief topic.
        # The publisher stands beside a passage of that brief, which this admin is shown as the other one's.
        assert withheld() - shown <= {"zqpublisher"}


async def test_the_doors_of_editing_are_for_editors_and_admins_alone() -> None:
    async with office(*documents(EMBARGO)) as bot:
        commands = {each.path: each for each in bot.desk.registry.commands(bot.desk.revisions(), bot.now)}
        assert {commands[path].right for path in DOORS} == {"editor", "admin"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A home with the two briefs on disk; the embargo ends in five days' time."""
    ends = datetime.now(UTC).date() + timedelta(days=5)
    for name, document in zip(("open", "sealed"), documents(f"embargo_until: {ends}"), strict=True):
        place = tmp_path / "briefs" / name
        place.mkdir(parents=True)
        (place / "brief.yaml").write_bytes(document.yaml)
        (place / "report.md").write_bytes(document.report)
    return tmp_path


def _said(folder: Path, *words: str) -> str:
    done = briefbot(*words, folder=folder, BRIEFS_DIR=str(folder / "briefs"))
    return done.stdout + done.stderr


def test_the_command_line_prints_nothing_under_embargo(folder: Path) -> None:
    for words in (
        ("dates",), ("dates", "--json"), ("slack-manifest",), ("check",),
        ("rehearse", "--digest", "daily 09:00 UTC", "--to", "2027-02-01"),
    ):  # fmt: skip
        said = _said(folder, *words)
        assert any(word in said for word in ("alk", "sound", "/demands")), words
        assert canaries(said) == frozenset(), words


async def test_a_rehearsal_counts_what_it_must_not_say_yet(folder: Path) -> None:
    home = Settings(data_dir=folder / "data", briefs_dir=folder / "briefs")
    now = datetime.now(UTC)
    found = await rehearse(home, now.date(), now.date() + timedelta(days=90), [], now)
    texts = {message.planned.item: message.text for message in found}
    assert canaries(*texts.values()) == frozenset()
    assert texts["zqdate"] == (
        "A message about what is still under embargo\n"
        "Its words are not shown before the embargo ends; rehearse again then."
    )


async def test_a_revision_with_embargoed_parts_is_exported_only_on_purpose(folder: Path) -> None:
    settings = Settings(data_dir=folder / "data", briefs_dir=folder / "briefs", web_port=0)
    async with running(settings) as app:
        until = app.desk.revisions()["open-harbour"].brief.embargoes[-1]
    out = folder / "out"
    assert _said(folder, "export", "open-harbour", "1", str(out)) == (
        f"Revision 1 of open-harbour is not exported: parts of it are under embargo until {until:%Y-%m-%d %H:%M}"
        " UTC. --with-embargoed exports it all the same.\n"
    )
    assert not out.exists()
    _said(folder, "export", "open-harbour", "1", str(out), "--with-embargoed")
    assert canaries((out / "brief.yaml").read_text("utf-8"))


async def test_the_page_holds_nothing_under_embargo(folder: Path) -> None:
    async with on_the_page(folder) as wire:
        assert isinstance(wire, PageWire)
        for path in ("/", "/api/overview", "/api/commands", "/api/complete?line=/brief%20topic%20&cursor=13"):
            async with wire.session.get(wire.origin + path) as response:
                text = await response.text()
            assert response.status == 200
            assert "arbour" in text or "demands" in text, path
            assert canaries(text) == frozenset(), path


async def test_discord_is_told_of_a_topic_when_its_embargo_ends(folder: Path) -> None:
    async with on_discord(folder) as wire:
        assert isinstance(wire, DiscordWire)

        def names() -> list[str]:
            return [command["name"] for command in wire.peer.commands()]

        assert "demands" in names()
        assert canaries(str(wire.peer.commands())) == frozenset()
        wire.clock.jump(timedelta(days=5).total_seconds())
        await until(lambda: "zqcommand" in names())
        assert {"zqcommand", "zqtoldcommand", "zqinnercommand"} <= set(names())
        assert (await wire.say("/zqcommand")).text.startswith("Zqdescription")
        assert wire.unlawful() == []
