"""What somebody asks for themselves: snooze, mute, zone, and to be forgotten."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from commands.model import Call, Form
from scheduler.address import Destination, Person
from scheduler.outcomes import Refused
from tests.engines import tables
from tests.office import CHANNEL, MANAGER, READER, Office, key_of

pytestmark = pytest.mark.usefixtures("contract")

INBOX = READER.person.inbox
IN_DISCORD = replace(READER, person=Person("discord", "", "42"), zone=None)
WEEK_BEFORE = datetime(2026, 12, 11, 0, 0, tzinfo=UTC)  # 09:00 in Tokyo, seven days before December 18
TITLE = "61st anniversary of the entry into force of the Japan-ROK Treaty on Basic Relations"


async def told(bot: Office) -> None:
    """Have the channel told of December 18, seven days before."""
    await bot.say("/brief-admin channel zone=Asia/Tokyo leads=7d,0d", MANAGER)
    while bot.now < WEEK_BEFORE:
        bot.now = WEEK_BEFORE
        await bot.deliver(bot.now - timedelta(days=7))
        await bot.deliver(bot.now)


async def test_snoozing_offers_an_hour_tomorrow_and_a_date(bot: Office) -> None:
    await told(bot)
    offered = await bot.reply("/brief snooze")
    assert offered.visibility == "private"
    assert [action.label for action in offered.actions] == ["In 1 hour", "Tomorrow 09:00", "On a date…"]
    assert await bot.text("/brief snooze") == (
        f"Snooze\n\nWhen shall “{TITLE}” come to you again? Only you get it; nothing changes for others."
    )


@pytest.mark.parametrize(
    ("label", "due"),
    [
        ("In 1 hour", datetime(2026, 12, 11, 1, 0, tzinfo=UTC)),
        ("Tomorrow 09:00", datetime(2026, 12, 12, 0, 0, tzinfo=UTC)),
    ],
)
async def test_a_snoozed_message_comes_to_the_person_alone_and_the_shared_plan_stays(
    bot: Office, label: str, due: datetime
) -> None:
    await told(bot)
    shared = [each.due_at for each in await bot.rows(CHANNEL)]
    snoozed = await bot.click(key_of(await bot.reply("/brief snooze"), label))
    assert snoozed.title == "Snoozed"
    (row,) = await bot.rows(INBOX)
    assert (row.due_at, row.item, row.occurrence, row.state) == (
        due,
        "treaty-entry-into-force",
        61,
        "planned",
    )
    assert [each.due_at for each in await bot.rows(CHANNEL)] == shared


async def test_the_confirmation_says_when_and_can_be_undone(bot: Office) -> None:
    await told(bot)
    said = await bot.reply("/brief snooze 2026-12-15 treaty-entry-into-force hour=15:30")
    assert await bot.text("/brief snooze 2026-12-15 treaty-entry-into-force hour=15:30") == (
        f"Snoozed\n\n“{TITLE}” comes to your direct messages again: 2026-12-15 06:30 UTC."
    )
    await bot.click(key_of(said, "Do not send it"))
    assert [row.state for row in await bot.rows(INBOX)] == ["cancelled"]


async def test_a_second_snooze_takes_the_place_of_the_first(bot: Office) -> None:
    await told(bot)
    await bot.say("/brief snooze 1h")
    await bot.say("/brief snooze 3h")
    assert [(row.state, row.due_at) for row in await bot.rows(INBOX)] == [
        ("cancelled", WEEK_BEFORE + timedelta(hours=1)),
        ("planned", WEEK_BEFORE + timedelta(hours=3)),
    ]


async def test_a_date_is_asked_for_in_a_form(bot: Office) -> None:
    await told(bot)
    offered = await bot.reply("/brief snooze")
    form = await bot.dispatcher.press(key_of(offered, "On a date…"), call_of(bot))
    assert isinstance(form, Form)
    assert [(field.name, field.kind, field.required) for field in form.fields] == [
        ("until", "date", True), ("hour", "text", False),
    ]  # fmt: skip
    answers = {"until": "2026-12-14", "hour": "08:00"}
    await bot.dispatcher.submit(form.key, replace(call_of(bot), options=answers))
    assert [row.due_at for row in await bot.rows(INBOX)] == [datetime(2026, 12, 13, 23, 0, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("soon", "“soon” is no moment; write it like 1h, 3d, tomorrow or 2026-12-01."),
        ("2026-12-01", "“2026-12-01” has passed; write a later one, like 1h, 3d, tomorrow or 2026-12-01."),
        ("2026-12-19", "By then the date itself, December 18, 2026, is over; choose an earlier moment."),
        ("60w", "That is more than 400 days ahead; choose an earlier day."),
    ],
)
async def test_a_snooze_that_makes_no_sense_is_refused(bot: Office, until: str, said: str) -> None:
    await told(bot)
    assert await bot.text(f"/brief snooze {until} treaty-entry-into-force") == f"Not done\n\n{said}"


async def test_a_snooze_where_nothing_was_sent_asks_what_is_meant(bot: Office) -> None:
    assert await bot.text("/brief snooze 1h") == (
        "Not done\n\nNothing was sent here yet; say what to snooze, like /brief snooze 1h treaty-signing."
    )


async def test_an_hour_that_comes_twice_is_snoozed_to_the_second_one(bot: Office) -> None:
    bot.now = datetime(2026, 11, 1, 5, 10, tzinfo=UTC)  # 01:10 in New York, the first time
    caller = replace(READER, zone="America/New_York")
    await bot.say("/brief snooze 1h treaty-entry-into-force", caller)
    assert [row.due_at for row in await bot.rows(INBOX)] == [datetime(2026, 11, 1, 6, 10, tzinfo=UTC)]


async def test_a_snoozed_digest_comes_again_too(bot: Office) -> None:
    await bot.say("/brief-admin digest set daily 09:00 Asia/Tokyo", MANAGER)
    bot.now = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
    await bot.deliver(bot.now)
    assert "The digest comes to your direct messages again: 2026-11-25 01:00 UTC." in await bot.text(
        "/brief snooze 1h"
    )
    assert [(row.kind, row.due_at.hour) for row in await bot.rows(INBOX)] == [("digest", 1)]


async def test_a_snooze_that_went_out_is_listed_no_more(bot: Office) -> None:
    await told(bot)
    await bot.say("/brief snooze 1h")
    assert "a snoozed message" in await bot.text("/brief subscriptions")
    bot.now += timedelta(hours=1)
    assert (
        await bot.text("/brief subscriptions")
        == "Not done\n\nYou follow nothing here; /brief follow starts it."
    )


async def test_muting_says_for_how_long_and_what_becomes_of_what_falls_into_it(bot: Office) -> None:
    await bot.say("/brief follow treaty-entry-into-force")
    assert await bot.text("/brief mute 4w") == (
        "Muted\n\nYou get no messages until 2026-12-22 08:00 UTC.\n\nWhat falls into that time is not made up for;"
        " that a date moved of which you were told, you hear then."
    )
    assert {row.state for row in await bot.rows(INBOX) if row.due_at < bot.now + timedelta(weeks=4)} == {
        "cancelled"
    }
    assert await bot.text("/brief mute") == "Muted\n\nYou get no messages until 2026-12-22 08:00 UTC."


async def test_who_listens_again_gets_what_is_still_to_come(bot: Office) -> None:
    await bot.say("/brief follow treaty-entry-into-force")
    muted = await bot.reply("/brief mute always")
    assert "You get no messages until you end it with /brief mute off." in await bot.text("/brief mute")
    assert {row.state for row in await bot.rows(INBOX)} == {"cancelled"}
    assert (await bot.click(key_of(muted, "Listen again"))).title == "You get messages again"
    assert {row.state for row in await bot.rows(INBOX)} == {"planned"}
    assert await bot.text("/brief mute off") == "Not done\n\nYou are not muted; /brief mute begins it."


async def test_muting_oneself_leaves_the_channel_alone(bot: Office) -> None:
    await bot.say("/brief-admin channel zone=Asia/Tokyo", MANAGER)
    await bot.say("/brief mute always", MANAGER)
    assert {row.state for row in await bot.rows(CHANNEL)} == {"planned"}


async def test_an_unfollow_names_what_is_on_its_way(bot: Office) -> None:
    await bot.say("/brief follow treaty-entry-into-force leads=7d")
    async with bot.desk.store.transaction() as tx:
        (each,) = await bot.desk.deliveries.claim(tx, WEEK_BEFORE)
        written = '{"is":"Reply","title":"The 61st anniversary: in 7 days"}'
        await bot.desk.deliveries.compose(tx, each.id, written, 1)
    assert await bot.text("/brief unfollow") == (
        "Unfollowed\n\nStopped: reminders of the watch date “Anniversary of the entry into force of the Japan-ROK"
        " Treaty on Basic Relations” at your direct messages. Nothing more is sent.\n\nOne message was already on"
        " its way and may still arrive:\n\n- The 61st anniversary: in 7 days"
    )


async def test_who_has_no_zone_is_asked_once(bot: Office) -> None:
    asked = "In which zone are you? Write /brief timezone and pick it from the list; until then UTC is used."
    first = await bot.reply("/brief follow treaty-signing", IN_DISCORD)
    assert asked in await bot.text(
        "/brief follow treaty-signing", replace(IN_DISCORD, person=Person("discord", "", "7"))
    )
    assert asked not in await bot.text("/brief follow treaty-entry-into-force", IN_DISCORD)
    form = await bot.dispatcher.press(
        key_of(first, "Set my time zone"), replace(call_of(bot), caller=IN_DISCORD)
    )
    assert isinstance(form, Form)
    assert [field.name for field in form.fields] == ["zone"]


async def test_all_that_is_kept_about_a_person_is_shown_and_deleted(bot: Office) -> None:
    await bot.say("/brief timezone Asia/Seoul", MANAGER)
    await bot.say("/brief follow treaty-signing", MANAGER)
    await bot.say("/brief-admin channel", MANAGER)
    shown = await bot.reply("/brief forget-me", MANAGER)
    assert await bot.text("/brief forget-me", MANAGER) == (
        "Forget me\n\nThis is kept about you:\n\n- your time zone, Asia/Seoul\n- 1 thing that you follow, and what"
        " was sent to you of it\n- that you set up 1 thing for a channel\n\nForgetting deletes it for good. What"
        " you set up for channels stays, without your name."
    )
    assert await bot.rows(MANAGER.person.inbox)
    gone = await bot.click(key_of(shown, "Forget me"), MANAGER)
    assert gone.title == "Forgotten"
    assert await bot.rows(MANAGER.person.inbox) == []
    assert await traces(bot, MANAGER.person) == []
    assert MANAGER.person not in bot.desk.zones
    assert len(await bot.rows(CHANNEL)) > 0


async def traces(bot: Office, person: Person) -> list[str]:
    """Where in the whole database a person's id still stands."""
    found = []
    async with bot.desk.store.reading() as tx:
        for table in await tables(tx):
            for row in await tx.fetch(f"SELECT * FROM {table}"):
                values: tuple[object, ...] = tuple(cast(Iterable[object], row))
                found += [table] * any(
                    address in str(value) for value in values for address in (str(person), str(person.inbox))
                )
    return found


async def test_following_again_sends_to_a_stopped_place_once_more(bot: Office) -> None:
    await bot.say("/brief follow treaty-entry-into-force leads=7d,0d")
    async with bot.desk.store.transaction() as tx:
        (each,) = await bot.desk.deliveries.claim(tx, WEEK_BEFORE)
        await bot.desk.deliveries.compose(tx, each.id, "{}", 1)
        await bot.desk.deliveries.confirm(
            tx, each.id, Refused("direct messages are closed", "destination"), WEEK_BEFORE
        )
    assert await bot.deliver(WEEK_BEFORE) == []
    bot.now = WEEK_BEFORE
    assert (
        "Nothing reaches your direct messages at the moment: direct messages are closed. When that is mended,"
        " follow again." in await bot.text("/brief subscriptions")
    )
    await bot.say("/brief follow treaty-entry-into-force")
    assert [row.id for row in await bot.deliver(WEEK_BEFORE)] == [each.id]


async def test_only_whom_pings_lists_is_pinged(bot: Office) -> None:
    assert "Reminders of all watch dates" in await bot.text("/brief-admin channel ping=usergroup:S1", MANAGER)
    async with bot.desk.store.reading() as tx:
        (made,) = await bot.desk.subscriptions.at(tx, CHANNEL)
    assert made.ping == "usergroup:S1"
    assert await bot.text("/brief-admin channel ping=usergroup:S2", MANAGER) == (
        "Not done\n\n“usergroup:S2” may not be pinged here; an admin of the bot allows it with"
        " PINGS=slack:T1/usergroup:S2."
    )


async def test_catch_up_and_the_greatest_age_are_set_for_each_subscription(bot: Office) -> None:
    await bot.say("/brief-admin digest set daily 09:00 Asia/Tokyo catch-up=all max-age=2d", MANAGER)
    async with bot.desk.store.reading() as tx:
        (made,) = await bot.desk.subscriptions.at(tx, CHANNEL)
    assert (made.catch_up, made.max_age) == ("all", timedelta(days=2))
    assert await bot.text("/brief-admin digest set max-age=long", MANAGER) == (
        "Not done\n\n“long” is no length of time; write it like max-age=12h or max-age=7d."
    )


async def test_a_digest_is_delivered_into_the_thread_of_a_linked_message(bot: Office) -> None:
    link = "https://harbour.slack.com/archives/C1/p1700000000000100"
    await bot.say(f"/brief-admin digest set channel={link}", replace(MANAGER, governs=True))
    thread = Destination("slack", "T1", "C1", "1700000000.000100")
    assert {row.destination for row in await bot.rows(thread)} == {thread}


def call_of(bot: Office) -> Call:
    """A call in the channel."""
    return Call("", READER, CHANNEL, bot.now)
