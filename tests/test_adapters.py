"""One contract, every adapter, each through its real wire with the whole bot behind it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from scheduler.address import destination
from scheduler.planner import digest_now
from scheduler.runner import utc_now
from scheduler.subscriptions import subscription
from tests.wires import ADMINS, OPENERS, Wire

ID = "korean-peninsula-2024"
DEMANDS = (
    "Kim would likely demand all of the following",
    "recognition of its nuclear power status",
    "arms control rather than denuclearization",
    "normalization of diplomatic relations between the US and North Korea (including a withdrawal or reduction of"
    " US forces stationed in the ROK)",
)


@pytest.fixture(params=list(OPENERS))
async def wire(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Wire]:
    """The bot behind one platform; at the end nothing unlawful was sent to it."""
    async with OPENERS[request.param](tmp_path) as opened:
        yield opened
        assert opened.unlawful() == []


async def test_a_topic_quotes_the_report_with_its_place_and_age_for_the_asker_alone(wire: Wire) -> None:
    shown = await wire.say("/dprk-demands")
    for demand in DEMANDS:
        assert demand in shown.text
    assert "dialogue-1" in shown.text
    assert "as of December 6, 2024" in shown.text
    assert "expired" in shown.text
    assert shown.private


async def test_what_happened_since_is_marked_as_the_editors(wire: Wire) -> None:
    shown = await wire.say("/japan-rok-outlook")
    assert "Editor's note" in shown.text
    assert "development" in shown.text


async def test_more_turns_the_page_until_every_note_was_shown(wire: Wire) -> None:
    shown = await wire.say("/japan-rok-outlook")
    texts = [shown.text]
    while more := [label for label in shown.buttons if label.startswith("More")]:
        shown = await wire.press(shown, more[0])
        texts.append(shown.text)
    assert len(texts) > 1
    assert "Martial law was declared on December 3, 2024" in " ".join(texts) or "erratum" in " ".join(texts)


async def test_a_button_opens_the_source(wire: Wire) -> None:
    shown = await wire.press(await wire.say("/dprk-demands"), "Source")
    assert "Source: dialogue-1" in shown.text


async def test_sharing_shows_the_answer_to_everybody(wire: Wire) -> None:
    shown = await wire.press(await wire.say("/dprk-demands"), "Share to channel")
    assert not shown.private
    assert DEMANDS[1] in shown.text


async def test_a_timeline_arrives_as_a_picture_with_all_its_words(wire: Wire) -> None:
    shown = await wire.say("/brief timeline 1 year")
    assert shown.private
    (alt, content), words = shown.pictures[0], shown.text
    assert len(shown.pictures) == 1
    assert content.startswith(b"\x89PNG")
    head, *entries = alt.split("\n")
    assert head.startswith("Timeline of The Korean Peninsula, December 2024, ")
    assert len(entries) >= 3
    for entry in entries:
        assert entry.partition("): ")[2] in words or entry.rpartition(": ")[2] in words, (entry, words)
    later = await wire.press(shown, next(label for label in shown.buttons if label.startswith("More")))
    assert later.pictures[0][1] != content


async def test_a_shared_timeline_is_a_picture_for_everybody(wire: Wire) -> None:
    shown = await wire.press(await wire.say("/brief timeline 3 months"), "Share to channel")
    assert not shown.private
    if wire.platform != "web":
        assert shown.pictures[0][0].startswith("Timeline of The Korean Peninsula, December 2024, ")
    assert (
        "61st anniversary" in shown.text
        or "62nd anniversary" in shown.text
        or "Nothing of this" in shown.text
    )


async def test_typed_options_arrive(wire: Wire) -> None:
    shown = await wire.say("/brief dates days=30")
    assert "61st anniversary of the entry into force" in shown.text or "No watch date falls" in shown.text


# Discord's own client asks for required options before it sends a command.
@pytest.mark.parametrize("wire", ["slack", "slack-http", "web"], indirect=True)
async def test_a_missing_option_is_asked_for_in_a_form(wire: Wire) -> None:
    form = await wire.say("/brief search")
    assert form.form is not None
    assert form.form[0] == "words"
    shown = await wire.fill(form, {"words": "abduction issue"})
    assert "With the abduction issue at the forefront of its agenda" in shown.text


async def test_a_small_edit_is_asked_for_in_a_form(tmp_path: Path) -> None:
    for platform in ("discord", "slack", "web"):
        async with OPENERS[platform](tmp_path / platform, admins=ADMINS, review="off") as wire:
            form = await wire.say("/brief-admin note", admin=True)
            assert form.form == ["kind", "date", "text", "source", "touches"]
            answers = {
                "kind": "comment", "date": "2026-11-24", "text": "A remark.", "touches": "dialogue-1",
                "source": "https://example.org/remark",
            }  # fmt: skip
            shown = await wire.fill(form, answers)
            assert "1 note was added:" in shown.text
            published = await wire.press(shown, "Publish")
            assert "Revision 2 of “The Korean Peninsula, December 2024” serves now." in published.text
            path = tmp_path / platform / "briefs" / ID / "brief.yaml"
            assert "A remark." in path.read_text("utf-8")


async def test_nothing_found_says_so_and_offers_sections(wire: Wire) -> None:
    shown = await wire.say("/brief search zeppelin")
    assert "matches “zeppelin”. The nearest sections:" in shown.text
    assert len(shown.buttons) == 3


async def test_a_mistake_is_explained_privately(wire: Wire) -> None:
    shown = await wire.say("/brief source dialog-1")
    assert "There is no passage “dialog-1”; the nearest is dialogue-1." in shown.text
    assert shown.private


async def test_mentions_in_typed_words_ping_nobody(wire: Wire) -> None:
    before = len(wire.notified())
    for words in ("@everyone", "@here", "<!channel>", "<@U2>", "<@&1>", "<!subteam^S1>"):
        await wire.say(f'/brief search "{words}"')
    assert wire.notified()[before:] == []


async def test_following_is_confirmed_and_undone(wire: Wire) -> None:
    shown = await wire.say("/brief follow treaty-signing")
    assert "62nd anniversary of the signing" in shown.text or "63rd anniversary of the signing" in shown.text
    undone = await wire.press(shown, "Unfollow")
    assert "Nothing more is sent." in undone.text


async def test_a_manager_sets_a_digest_and_sends_it_now_and_it_arrives_once(wire: Wire) -> None:
    shown = await wire.say("/brief-admin digest set weekly sun 01:30 Asia/Tokyo", manages=True)
    assert "weekly sun 01:30, Asia/Tokyo time." in shown.text
    await wire.say("/brief-admin digest send", manages=True)
    arrived = await eventually(wire, "Digest: The Korean Peninsula, December 2024")
    assert "Due next" in arrived.text
    await asyncio.sleep(1.2)
    assert sum("Digest:" in each.text for each in await wire.arrived()) == 1


async def test_a_delivery_is_found_again_by_its_key_and_sending_it_again_doubles_nothing(wire: Wire) -> None:
    where = destination(wire.channel)
    app = wire.app
    now = utc_now()
    async with app.database.transaction() as tx:
        made, _ = await app.desk.subscriptions.add(tx, subscription(ID, "digest", where, "", now))
        brief = app.desk.revisions()[ID].brief
        await app.desk.deliveries.add(tx, digest_now(brief, made, now), now)
    await eventually(wire, "Digest: The Korean Peninsula, December 2024")
    await asyncio.sleep(0.3)
    async with app.database.reading() as tx:
        sent = (await app.desk.deliveries.recent(tx, 1, where))[0]
    assert sent.state == "sent"
    found = await app.adapters[wire.platform].find(where, sent.short_key, now)
    assert getattr(found, "message_id", None) == sent.message_id
    lost = await app.adapters[wire.platform].find(where, "never-sent-key", now)
    assert type(lost).__name__ == "Retry"


async def test_an_edited_brief_answers_within_two_seconds(wire: Wire, tmp_path: Path) -> None:
    path = tmp_path / "briefs" / ID / "brief.yaml"
    yaml = path.read_text("utf-8")
    new = (
        "topics:\n  - id: brand-new\n    command: brand-new\n    description: A topic that is new\n"
        '    lead: {passage: dialogue-1, quote: "The inauguration of the Trump administration could be"}\n'
    )
    path.write_text(yaml.replace("topics:\n", new, 1), "utf-8")
    async with asyncio.timeout(2):
        while wire.app.front.find("brand-new") is None:
            await asyncio.sleep(0.02)
        shown = await wire.say("/brief topic brand-new")
    assert "The inauguration of the Trump administration could be" in shown.text


# The page is the bot's own; nothing stands between them.
@pytest.mark.parametrize("wire", ["discord", "slack", "slack-http"], indirect=True)
async def test_the_platform_may_go_away_and_come_back(wire: Wire) -> None:
    await wire.outage()
    await asyncio.sleep(0.2)
    await wire.back()
    await wire.connected()
    assert DEMANDS[0] in (await wire.say("/dprk-demands")).text


async def eventually(wire: Wire, words: str):  # type: ignore[no-untyped-def]
    """Wait until a message with these words stands in the channel."""
    async with asyncio.timeout(10):
        while True:
            for each in await wire.arrived():
                if words in each.text:
                    return each
            await asyncio.sleep(0.05)
