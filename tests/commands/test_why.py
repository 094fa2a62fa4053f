"""Why: each message explained, and each that is missing, to those whom it concerns."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.slack_adapter.incoming import normalised
from commands.missing import complete_date
from commands.model import Call, Choice
from scheduler.address import LOBBY, Destination
from scheduler.address import READER as PAGE
from scheduler.outcomes import Doubtful, Needless, Refused, Retry, Sent
from scheduler.subscriptions import subscription
from tests.office import ADMIN, CHANNEL, MANAGER, NOW, READER, Office, edited, key_of, office, shipped

DUE = datetime(2026, 12, 11, 0, 0, tzinfo=UTC)  # the entry into force, seven days before, at 09:00 in Tokyo
INBOX = READER.person.inbox
SINGLE = """  - id: talks
    title: Talks in Geneva
    date: {date}
    zone: Asia/Tokyo
    remind: [7d, 1d]
{more}    basis: {{editor: Named for the test, source: "https://example.org/talks"}}

"""
HEAD = "  - id: treaty-signing\n"
TREATY = "treaty-entry-into-force"
MINUTE = timedelta(minutes=1)

Edit = Callable[[Office], Awaitable[object]]


def talks(day: str = "2026-12-18", more: str = "") -> dict[str, str]:
    """An edit of the shipped brief that adds a watch date with one day."""
    return {HEAD: SINGLE.format(date=day, more=more) + HEAD}


def told(text: str) -> list[str]:
    """The paragraphs of an answer."""
    return text.split("\n\n")


def lines(text: str) -> list[str]:
    """The lines of an answer's lists."""
    return [line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")]


async def follow(bot: Office, date: str = TREATY) -> None:
    await bot.say(f"/brief follow {date} where=here", MANAGER)


# --- one message ------------------------------------------------------------------------------------


async def test_a_planned_message_names_its_rule_and_when_it_goes_out(bot: Office) -> None:
    await follow(bot)
    assert told(await bot.text("/brief-admin why 1", MANAGER)) == [
        "Why: delivery 1",
        "It is the reminder of 61st anniversary of the entry into force of the Japan-ROK Treaty on Basic"
        " Relations, 7 days before, to this channel.",
        "It goes out 2026-12-11 00:00 UTC.",
        "Subscription 1 made it: reminders of the watch date “Anniversary of the entry into force of the"
        " Japan-ROK Treaty on Basic Relations”, announced at 09:00, Asia/Tokyo time, set up"
        " 2026-11-24 08:00 UTC by you.",
        "It tells of December 18, 2026: 7 days before.",
        "It is composed when it goes out, from the revision that is current then.",
        "It was planned for 2026-12-11 00:00 UTC.",
        "No attempt has reached the platform yet.",
    ]


async def test_a_sent_message_shows_each_attempt_and_how_late_it_was(bot: Office) -> None:
    await follow(bot)
    await bot.attempt(Retry("Slack asks the bot to slow down"), DUE)
    await bot.attempt(Sent("1700000000.000100"), DUE + 7 * MINUTE)
    await bot.publish(edited(talks()))
    assert told(await bot.text("/brief-admin why", ADMIN))[2:] == [
        "Nothing more happens: it was sent as message 1700000000.000100.",
        "Subscription 1 made it: reminders of the watch date “Anniversary of the entry into force of the"
        " Japan-ROK Treaty on Basic Relations”, announced at 09:00, Asia/Tokyo time, set up"
        " 2026-11-24 08:00 UTC by slack:T1/U2.",
        "It tells of December 18, 2026: 7 days before.",
        "It was composed from revision 1; revision 2 is the current one.",
        "It was planned for 2026-12-11 00:00 UTC and went out 2026-12-11 00:07 UTC, 7 minutes late.",
        "Attempts",
        "- Attempt 1, 2026-12-11 00:00 UTC: it did not arrive: “Slack asks the bot to slow down”.\n"
        "- Attempt 2, 2026-12-11 00:07 UTC: it arrived.",
    ]


async def test_a_message_in_doubt_says_when_it_is_looked_up_and_then_that_it_was_there(bot: Office) -> None:
    await follow(bot)
    await bot.attempt(Doubtful("Slack's answer was lost"), DUE)
    text = told(await bot.text("/brief-admin why 1", MANAGER))
    assert text[2] == (
        "It is looked up 2026-12-11 00:00 UTC, since nobody knows whether it arrived;"
        " it is sent again only if it is not there."
    )
    assert (
        text[-1]
        == "- Attempt 1, 2026-12-11 00:00 UTC: nobody knows whether it arrived: “Slack's answer was lost”."
    )
    async with bot.desk.store.transaction() as tx:
        await bot.desk.deliveries.resolve(tx, 1, Sent("1.2"), DUE + 5 * MINUTE)
    text = told(await bot.text("/brief-admin why 1", MANAGER))
    assert "It was planned for 2026-12-11 00:00 UTC and went out 2026-12-11 00:00 UTC, on time." in text
    assert lines(text[-1])[1] == "Look-up after attempt 1, 2026-12-11 00:05 UTC: it is there."


async def test_a_crash_in_the_midst_of_an_attempt_is_told(bot: Office) -> None:
    await follow(bot)
    async with bot.desk.store.transaction() as tx:
        (row,) = await bot.desk.deliveries.claim(tx, DUE)
        await bot.desk.deliveries.compose(tx, row.id, "{}", 1)
    bot.now = DUE
    assert told(await bot.text("/brief-admin why 1", MANAGER))[2] == (
        "It is being sent just now; ask again in a minute."
    )
    async with bot.desk.store.transaction() as tx:
        await bot.desk.deliveries.recover(tx, DUE + MINUTE)
        await bot.desk.deliveries.resolve(tx, row.id, Retry("it is not in the channel"), DUE + 2 * MINUTE)
    bot.now = DUE + 2 * MINUTE
    text = await bot.text("/brief-admin why 1", MANAGER)
    assert told(text)[2] == "Its turn has come: it goes out within seconds."
    assert lines(text) == [
        "During attempt 1, 2026-12-11 00:01 UTC: nobody knows whether it arrived:"
        " “the bot stopped before the platform answered”.",
        "Look-up after attempt 1, 2026-12-11 00:02 UTC: it is not there, and is sent again:"
        " “it is not in the channel”.",
    ]


async def test_what_is_tried_again_says_when(bot: Office) -> None:
    await follow(bot)
    await bot.attempt(Retry("Discord asks to wait", timedelta(hours=1)), DUE)
    assert told(await bot.text("/brief-admin why 1", MANAGER))[2] == "It is tried again 2026-12-11 01:00 UTC."


async def test_what_waits_at_a_stopped_destination_says_why_and_what_to_do(bot: Office) -> None:
    await follow(bot)
    await bot.attempt(Refused("the channel is archived", "destination"), DUE)
    text = await bot.text("/brief-admin why 1", MANAGER)
    assert told(text)[2] == (
        "It waits, since its destination refuses messages: “the channel is archived”."
        " When that is mended, write /brief-admin resume there."
    )
    assert lines(text) == ["Attempt 1, 2026-12-11 00:00 UTC: it was refused: “the channel is archived”."]


async def test_what_waits_for_a_token_says_who_can_lift_the_stop(bot: Office) -> None:
    await follow(bot)
    await bot.attempt(Refused("the bot token was revoked", "token"), DUE)
    assert told(await bot.text("/brief-admin why 1", MANAGER))[2] == (
        "It waits, since Slack refuses the bot's messages: “the bot token was revoked”."
        " The bot's admins can lift that stop."
    )


async def test_what_failed_can_be_retried_by_a_button(bot: Office) -> None:
    await follow(bot)
    await bot.attempt(Refused("the message is larger than Discord takes here"), DUE)
    answer = await bot.reply("/brief-admin why 1", MANAGER)
    assert told(await bot.text("/brief-admin why 1", MANAGER))[2] == (
        "It failed for good: “the message is larger than Discord takes here”."
        " An admin can retry it: /brief-admin deliveries retry 1."
    )
    assert (await bot.click(key_of(answer, "Retry 1"), MANAGER)).title == "Delivery 1 is tried again"


async def test_what_failed_in_doubt_is_looked_up_before_a_retry_sends_it(bot: Office) -> None:
    await follow(bot)
    await bot.attempt(Doubtful("no answer"), DUE)
    async with bot.desk.store.transaction() as tx:
        await bot.desk.deliveries.resolve(tx, 1, Refused("the history is closed to the bot"), DUE)
    text = await bot.whole("/brief-admin why 1", MANAGER)
    assert told(text)[2] == (
        "It failed for good: “whether it arrived could not be found out: the history is closed to the bot”."
        " An admin can retry it, and it is looked up first: /brief-admin deliveries retry 1."
    )
    assert lines(text)[1] == (
        "Look-up after attempt 1, 2026-12-11 00:00 UTC: that cannot be found out: “the history is closed to the bot”."
    )


async def test_what_was_left_out_gives_the_ledgers_reason(bot: Office) -> None:
    await follow(bot)
    reason = "subscription 4 told the same here"
    await bot.attempt(Needless(reason), DUE, composed=False)
    text = told(await bot.text("/brief-admin why 1", MANAGER))
    assert text[2] == f"It was left out 2026-12-11 00:00 UTC: “{reason}”. Nothing more happens."
    assert "It was never composed." in text


async def test_a_digest_names_its_schedule_and_one_out_of_turn_that_it_was_asked_for(bot: Office) -> None:
    await bot.say("/brief-admin digest set weekly mon 09:00", MANAGER)
    assert told(await bot.text("/brief-admin why 1", MANAGER))[1:4] == [
        "It is the digest of “The Korean Peninsula, December 2024”, to this channel.",
        "It goes out 2026-11-30 00:00 UTC.",
        "Subscription 1 made it: the digest, weekly mon 09:00, Asia/Tokyo time, set up 2026-11-24 08:00 UTC by you.",
    ]
    await bot.say("/brief-admin digest send", MANAGER)
    await bot.attempt(Sent("3.4"), NOW)
    assert told(await bot.text("/brief-admin why", MANAGER))[3] == (
        "It was asked for out of turn, with /brief-admin digest send; the schedule of subscription 1,"
        " weekly mon 09:00, Asia/Tokyo time, stays as it is."
    )


async def test_a_correction_and_what_it_amends_name_each_other() -> None:
    async with office(edited(talks())) as bot:
        await follow(bot, "talks")
        await bot.attempt(Sent("1.1"), DUE)
        await bot.publish(edited(talks("2027-01-18")))
        correction = await bot.attempt(Sent("2.2"), DUE)
        text = told(await bot.text(f"/brief-admin why {correction.id}", MANAGER))
        assert text[1] == "It is the correction of Talks in Geneva, to this channel."
        assert "It amends delivery 1, which told December 18, 2026." in text
        assert told(await bot.text("/brief-admin why 1", MANAGER))[2] == (
            "Nothing more happens: it was sent as message 1.1."
            f" Delivery {correction.id} told later that this date does not stand any more."
        )
        await bot.publish(edited(talks("2027-01-18", CANCELLED)))
        row = await bot.attempt(Sent("3.3"), DUE + MINUTE)
        text = told(await bot.text(f"/brief-admin why {row.id}", MANAGER))
        assert text[1] == "It is the cancellation of Talks in Geneva, to this channel."
        assert f"It amends delivery {correction.id}, which told January 18, 2027." in text
        await bot.publish(edited(talks("2027-01-18")))
        cancellation, row = row, await bot.attempt(Sent("4.4"), DUE + 2 * MINUTE)
        text = told(await bot.text(f"/brief-admin why {row.id}", MANAGER))
        assert f"It amends delivery {cancellation.id}, which told that the date is cancelled." in text
        text = told(await bot.text(f"/brief-admin why {correction.id}", MANAGER))
        assert "It amends delivery 1, which told December 18, 2026." in text


async def test_who_snoozed_a_message_is_told_to_that_person_and_to_admins_alone(bot: Office) -> None:
    made = subscription(
        "korean-peninsula-2024", "snooze", CHANNEL, READER.person, NOW, subject=f"date:{TREATY}",
        schedule="once 2026-11-26T09:00", zone="Asia/Tokyo", occurrence=61,
    )  # fmt: skip
    async with bot.desk.store.transaction() as tx:
        await bot.desk.subscriptions.add(tx, made)
        await bot.desk.outside.replan(tx, made.brief, NOW)
    said = "Subscription 1 made it: {} snoozed it, 2026-11-24 08:00 UTC, until 2026-11-26 00:00 UTC."
    assert told(await bot.text("/brief-admin why 1", MANAGER))[3] == said.format("somebody")
    assert told(await bot.text("/brief-admin why 1", ADMIN))[3] == said.format("slack:T1/U1")
    reader = replace(READER, manages=True)
    assert told(await bot.text("/brief-admin why 1", reader))[3] == said.format("you")


async def test_whoever_is_not_known_any_more_is_not_named(bot: Office) -> None:
    page = replace(ADMIN, person=PAGE)
    await bot.say("/brief follow where=here", MANAGER)
    made = subscription("korean-peninsula-2024", "digest", LOBBY, "", NOW)
    async with bot.desk.store.transaction() as tx:
        await bot.desk.subscriptions.forget(tx, MANAGER.person)
        await bot.desk.subscriptions.add(tx, made)
        await bot.desk.outside.replan(tx, made.brief, NOW)
        first = (await bot.desk.deliveries.upcoming(tx, 1, LOBBY))[0]
    assert "set up 2026-11-24 08:00 UTC by somebody whose name is not kept any more." in await bot.text(
        "/brief-admin why 1", ADMIN
    )
    assert "set up 2026-11-24 08:00 UTC by the installation itself." in await bot.text(
        f"/brief-admin why {first.id}", page, LOBBY
    )


async def test_where_nothing_was_sent_yet_it_says_what_to_ask(bot: Office) -> None:
    assert await bot.text("/brief-admin why", MANAGER) == (
        "Not done\n\nNo message was sent there yet; /brief-admin why date=treaty-signing asks about one that is"
        " missing, and /brief subscriptions lists what is followed."
    )


# --- links and numbers ------------------------------------------------------------------------------


async def test_a_message_is_found_by_the_link_that_slack_gives(bot: Office) -> None:
    await follow(bot)
    await bot.attempt(Sent("1700000000.000100"), DUE)
    typed = normalised(
        "why <https://x.slack.com/archives/C1/p1700000000000100?thread_ts=1.2&amp;cid=C1>", "T1"
    )
    assert (await bot.text(f"/brief-admin {typed}", MANAGER)).startswith("Why: delivery 1\n")
    plain = "https://x.slack.com/archives/C1/p1700000000000100"
    assert (await bot.text(f"/brief-admin why {plain}", MANAGER)).startswith("Why: delivery 1\n")
    missed = await bot.text("/brief-admin why https://x.slack.com/archives/C2/p1700000000000100", MANAGER)
    assert missed.startswith("Not done\n\nThere is no message “https://x.slack.com/archives/C2/")


async def test_a_message_is_found_by_the_link_that_discord_gives(bot: Office) -> None:
    place = Destination("discord", "10", "20")
    manager = replace(MANAGER, person=MANAGER.person._replace(platform="discord", space="", id="42"))
    await bot.say(f"/brief follow {TREATY} where=here", manager, place)
    await bot.attempt(Sent("30"), DUE)
    for host in ("discord.com", "ptb.discord.com", "canary.discord.com", "discordapp.com"):
        link = f"https://{host}/channels/10/20/30"
        assert (await bot.text(f"/brief-admin why {link}", manager, place)).startswith("Why: delivery 1\n")
    missed = await bot.text("/brief-admin why https://discord.com/channels/10/21/30", manager, place)
    assert missed.startswith("Not done\n\nThere is no message “https://discord.com/channels/10/21/30”")


async def test_a_direct_message_is_found_by_its_link_for_its_reader_alone(bot: Office) -> None:
    await bot.say(f"/brief follow {TREATY}")
    await bot.attempt(Sent("1700000000.000100"), DUE)
    link = "https://x.slack.com/archives/D7/p1700000000000100"
    assert "to your direct messages." in await bot.text(f"/brief-admin why {link}", READER)
    assert "There is no message" in await bot.text(f"/brief-admin why {link}", MANAGER)


async def test_what_is_neither_number_nor_link_is_refused_with_an_example(bot: Office) -> None:
    assert await bot.text("/brief-admin why soon", MANAGER) == (
        "Not done\n\n“soon” is neither the number nor the link of a message; write it like"
        " /brief-admin why 17, or paste what the platform's Copy link gives."
    )


# --- who may ask ------------------------------------------------------------------------------------

UNKNOWN = (
    "Not done\n\nThere is no message “{}” of the bot's that you may ask about from here; a message that is"
    " missing is asked for by its date, like /brief-admin why date=treaty-signing."
)


async def test_a_message_out_of_reach_is_as_unknown_as_one_that_never_was(bot: Office) -> None:
    await bot.say(f"/brief follow {TREATY} where=here", MANAGER, Destination("slack", "T9", "C7"))
    await bot.say(f"/brief follow {TREATY} where=here", MANAGER, CHANNEL._replace(channel="C2"))
    await bot.say(f"/brief follow {TREATY}")
    for number in ("1", "9", "17", "400", "99999999999999999999"):
        assert await bot.text(f"/brief-admin why {number}", MANAGER) == UNKNOWN.format(number)
    assert "to channel C7 of T9 on Slack." in await bot.text("/brief-admin why 1", ADMIN)


async def test_messages_to_a_person_are_for_that_person_and_admins(bot: Office) -> None:
    await bot.say(f"/brief follow {TREATY}")
    governor = replace(MANAGER, governs=True)
    assert await bot.text("/brief-admin why 1", governor) == UNKNOWN.format("1")
    assert "to your direct messages." in await bot.text("/brief-admin why 1", READER)
    assert "to the direct messages of U1 on Slack." in await bot.text("/brief-admin why 1", ADMIN)
    about = await bot.text(f"/brief-admin why date={TREATY}", READER, INBOX)
    assert "This is about the messages to your direct messages." in about
    assert "Delivery 1, 7 days before" in await bot.text(
        f"/brief-admin why date={TREATY} channel=slack:T1/@U1", ADMIN
    )
    assert await bot.text(f"/brief-admin why date={TREATY} channel=slack:T1/@U1", governor) == (
        "Not done\n\nNothing can be sent to “slack:T1/@U1” from here; pick a channel from the list."
    )


async def test_a_reader_asks_nothing_about_a_channel(bot: Office) -> None:
    for line in ("/brief-admin why", f"/brief-admin why date={TREATY}"):
        assert await bot.text(line, READER) == (
            "Not done\n\nAsking about this channel's messages needs the right to manage it; ask somebody who"
            " manages it, or ask about your own in your direct messages with the bot."
        )


async def test_an_admin_is_told_what_is_wrong_with_an_address(bot: Office) -> None:
    assert await bot.text("/brief-admin why channel=general", ADMIN) == (
        "Not done\n\n'general' is no address; write it like slack:T1/C123, discord:1/2 or web:local/lobby."
    )


# --- missing messages -------------------------------------------------------------------------------


async def test_of_a_date_each_message_and_each_missing_one_is_explained(bot: Office) -> None:
    await follow(bot)
    await bot.attempt(Sent("1.1"), DUE)
    line = f"/brief-admin why date={TREATY}"
    assert told(await bot.text(line, MANAGER))[:4] == [
        "Why: Anniversary of the entry into force of the Japan-ROK Treaty on Basic Relations",
        "This is about the messages to this channel.",
        "Subscription 1 follows the watch date “Anniversary of the entry into force of the Japan-ROK Treaty"
        " on Basic Relations”, since 2026-11-24 08:00 UTC.",
        "61st anniversary of the entry into force of the Japan-ROK Treaty on Basic Relations, December 18, 2026",
    ]
    whole = await bot.whole(line, MANAGER)
    past = "that was past already when subscription 1 was made, 2026-11-24 08:00 UTC."
    assert lines(whole) == [
        f"90 days before, 2026-09-19 00:00 UTC: {past}",
        f"30 days before, 2026-11-18 00:00 UTC: {past}",
        "Delivery 1, 7 days before, 2026-12-11 00:00 UTC: Nothing more happens: it was sent as message 1.1.",
        "Delivery 2, 1 day before, 2026-12-17 00:00 UTC: It goes out 2026-12-17 00:00 UTC.",
        "Delivery 3, on the day, 2026-12-18 00:00 UTC: It goes out 2026-12-18 00:00 UTC.",
    ]
    assert whole.endswith("\n\nThe whole story of one: /brief-admin why 1.")


async def test_the_occurrence_that_was_lately_is_explained_beside_the_next(bot: Office) -> None:
    await follow(bot)
    bot.now = datetime(2027, 1, 10, tzinfo=UTC)
    async with bot.desk.store.transaction() as tx:
        assert await bot.desk.deliveries.claim(tx, bot.now) == []
    whole = await bot.whole(f"/brief-admin why date={TREATY}", MANAGER)
    assert (
        "Delivery 3, on the day, 2026-12-18 00:00 UTC: It was left out 2027-01-10 00:00 UTC:"
        " “it was no longer of use when its turn came”. Nothing more happens."
    ) in lines(whole)
    assert "Delivery 4, 90 days before, 2027-09-19 00:00 UTC: It goes out 2027-09-19 00:00 UTC." in lines(
        whole
    )


async def test_where_nobody_follows_the_date_it_says_how_to(bot: Office) -> None:
    assert told(await bot.text(f"/brief-admin why date={TREATY}", MANAGER))[1:] == [
        "This is about the messages to this channel.",
        "No subscription there follows it. Write /brief follow date:treaty-entry-into-force where=here.",
    ]
    assert told(await bot.text(f"/brief-admin why date={TREATY}", READER, INBOX))[2] == (
        "No subscription there follows it. Write /brief follow date:treaty-entry-into-force where=me."
    )


async def test_a_date_is_named_by_its_title_too() -> None:
    async with office(edited(talks())) as bot:
        assert (await bot.text('/brief-admin why date="talks in geneva"', MANAGER)).startswith(
            "Why: Talks in Geneva\n"
        )
        assert await bot.text("/brief-admin why date=talk", MANAGER) == (
            "Not done\n\nThere is no watch date “talk”; the nearest is talks. /brief dates lists those to come."
        )


async def test_dates_are_suggested_while_typing_even_those_that_are_cancelled() -> None:
    async with office(edited(talks(more=CANCELLED))) as bot:
        call = Call("brief-admin why", MANAGER, CHANNEL, NOW)
        assert await complete_date(bot.desk, call, "geneva") == [Choice("Talks in Geneva", "talks")]


async def test_a_paused_subscription_explains_what_it_cancelled_and_what_it_does_not_plan() -> None:
    async with office(edited(talks())) as bot:
        await follow(bot, "talks")
        await bot.say("/brief-admin pause", MANAGER)
        because = (
            "It was cancelled 2026-11-24 08:00 UTC, since subscription 1 is paused;"
            " /brief-admin resume goes on with what comes then. Nothing more happens."
        )
        assert lines(await bot.text("/brief-admin why date=talks", MANAGER)) == [
            f"Delivery 1, 7 days before, 2026-12-11 00:00 UTC: {because}",
            f"Delivery 2, 1 day before, 2026-12-17 00:00 UTC: {because}",
        ]
        await bot.publish(edited(talks("2027-01-18")))
        assert lines(await bot.text("/brief-admin why date=talks", MANAGER))[-1] == (
            "1 day before, 2027-01-17 00:00 UTC: not planned, since subscription 1 is paused;"
            " /brief-admin resume goes on."
        )


async def test_a_mute_explains_what_was_cancelled_and_what_is_not_planned() -> None:
    async with office(edited(talks())) as bot:
        await bot.say("/brief follow talks")
        async with bot.desk.store.transaction() as tx:
            await bot.desk.people.mute(tx, READER.person, DUE + timedelta(days=1))
            await bot.desk.outside.replan(tx, "korean-peninsula-2024", NOW)
        text = await bot.text("/brief-admin why date=talks", READER, INBOX)
        assert told(text)[3] == (
            "This person muted the bot until 2026-12-12 00:00 UTC; what is due before is not sent."
        )
        assert lines(text) == [
            "Delivery 1, 7 days before, 2026-12-11 00:00 UTC: It was cancelled 2026-11-24 08:00 UTC, since this"
            " person muted the bot until 2026-12-12 00:00 UTC. Nothing more happens.",
            "Delivery 2, 1 day before, 2026-12-17 00:00 UTC: It goes out 2026-12-17 00:00 UTC.",
        ]
        await bot.publish(edited(talks("2026-12-17")))
        assert lines(await bot.text("/brief-admin why date=talks", READER, INBOX))[0] == (
            "7 days before, 2026-12-10 00:00 UTC: not planned, since this person muted the bot until"
            " 2026-12-12 00:00 UTC."
        )


async def test_a_moved_date_explains_the_notice_that_went_stale() -> None:
    async with office(edited(talks())) as bot:
        await follow(bot, "talks")
        await bot.publish(edited(talks("2027-01-18")))
        assert lines(await bot.text("/brief-admin why date=talks", MANAGER)) == [
            "Delivery 1, 7 days before, 2026-12-11 00:00 UTC: It was cancelled 2026-11-24 08:00 UTC, since the"
            " date moved from December 18, 2026 to January 18, 2027. Nothing more happens.",
            "Delivery 2, 1 day before, 2026-12-17 00:00 UTC: It was cancelled 2026-11-24 08:00 UTC, since the"
            " date moved from December 18, 2026 to January 18, 2027. Nothing more happens.",
            "Delivery 3, 7 days before, 2027-01-11 00:00 UTC: It goes out 2027-01-11 00:00 UTC.",
            "Delivery 4, 1 day before, 2027-01-17 00:00 UTC: It goes out 2027-01-17 00:00 UTC.",
        ]


CANCELLED = '    cancelled: {editor: Called off by both sides, source: "https://example.org/off"}\n'


async def test_a_cancelled_date_says_so_with_its_source() -> None:
    async with office(edited(talks())) as bot:
        await follow(bot, "talks")
        await bot.publish(edited(talks(more=CANCELLED)))
        text = told(await bot.text("/brief-admin why date=talks", MANAGER))
        assert text[2:4] == [
            "The date is cancelled, so it is announced no more.",
            "Editor's note, comment, : Called off by both sides Source: https://example.org/off",
        ]
        assert lines("\n".join(text))[0] == (
            "Delivery 1, 7 days before, 2026-12-11 00:00 UTC: It was cancelled 2026-11-24 08:00 UTC,"
            " since the date is cancelled. Nothing more happens."
        )


async def test_what_catch_up_left_out_gives_its_reason() -> None:
    async with office(edited(talks())) as bot:
        await follow(bot, "talks")
        async with bot.desk.store.transaction() as tx:
            (stored,) = await bot.desk.subscriptions.at(tx, CHANNEL)
            await bot.desk.subscriptions.change(tx, replace(stored, catch_up="skip"))
            await bot.desk.outside.replan(tx, stored.brief, NOW)
        bot.now = DUE + timedelta(hours=1)
        async with bot.desk.store.transaction() as tx:
            assert await bot.desk.deliveries.claim(tx, bot.now) == []
        assert lines(await bot.text("/brief-admin why date=talks", MANAGER))[0] == (
            "Delivery 1, 7 days before, 2026-12-11 00:00 UTC: It was left out 2026-12-11 01:00 UTC:"
            " “it was late, and its subscription leaves out what is late”. Nothing more happens."
        )


async def test_a_subscription_that_ended_is_named_with_its_end() -> None:
    async with office(edited(talks())) as bot:
        await follow(bot, "talks")
        bot.now = NOW + timedelta(hours=2)
        await bot.say("/brief unfollow 1", MANAGER)
        text = await bot.text("/brief-admin why date=talks", MANAGER)
        assert told(text)[2:4] == [
            "Subscription 1, which followed it, ended 2026-11-24 10:00 UTC.",
            "No subscription there follows it. Write /brief follow date:talks where=here.",
        ]
        assert lines(text)[0] == (
            "Delivery 1, 7 days before, 2026-12-11 00:00 UTC: It was cancelled 2026-11-24 10:00 UTC,"
            " since subscription 1 ended 2026-11-24 10:00 UTC. Nothing more happens."
        )
        assert (await bot.text("/brief-admin why 1", MANAGER)).count(
            "by you. The subscription ended 2026-11-24 10:00 UTC."
        ) == 1


async def test_what_is_not_due_yet_says_when_it_comes() -> None:
    async with office(edited(talks("2028-03-01"))) as bot:
        await follow(bot, "talks")
        assert lines(await bot.text("/brief-admin why date=talks", MANAGER)) == [
            "7 days before, 2028-02-23 00:00 UTC: it is not due yet, and is planned when its time is near.",
            "1 day before, 2028-02-29 00:00 UTC: it is not due yet, and is planned when its time is near.",
        ]


async def test_changed_lead_times_explain_what_is_not_told_any_more_and_what_came_too_late() -> None:
    async with office(edited(talks())) as bot:
        await follow(bot, "talks")
        bot.now = DUE - timedelta(days=7)
        await bot.say("/brief follow talks where=here leads=16d,1d", MANAGER)
        assert lines(await bot.text("/brief-admin why date=talks", MANAGER)) == [
            "16 days before, 2026-12-02 00:00 UTC: that was past already when this lead time was asked for.",
            "Delivery 1, 7 days before, 2026-12-11 00:00 UTC: It was cancelled 2026-12-04 00:00 UTC,"
            " since this lead time is not asked for any more. Nothing more happens.",
            "Delivery 2, 1 day before, 2026-12-17 00:00 UTC: It goes out 2026-12-17 00:00 UTC.",
        ]


async def test_what_a_pause_cancelled_is_explained_in_the_ledgers_words_once_it_is_over() -> None:
    async with office(edited(talks())) as bot:
        await follow(bot, "talks")
        await bot.say("/brief-admin pause", MANAGER)
        bot.now = DUE + timedelta(days=1)
        await bot.say("/brief-admin resume", MANAGER)
        assert lines(await bot.text("/brief-admin why date=talks", MANAGER))[0] == (
            "Delivery 1, 7 days before, 2026-12-11 00:00 UTC: It was cancelled 2026-11-24 08:00 UTC,"
            " in the ledger's words: “the subscription was paused”. Nothing more happens."
        )


async def test_a_date_without_a_lead_time_is_announced_by_no_message() -> None:
    without = SINGLE.format(date="2026-12-18", more="").replace("[7d, 1d]", "[]")
    async with office(edited({HEAD: without + HEAD})) as bot:
        await follow(bot, "talks")
        assert told(await bot.text("/brief-admin why date=talks", MANAGER))[-1] == (
            "Neither the brief nor a subscription gives it a lead time, so it is announced by no message."
        )


async def test_at_a_stopped_destination_the_stop_is_told_first() -> None:
    async with office(edited(talks())) as bot:
        await follow(bot, "talks")
        await bot.attempt(Refused("the channel is archived", "destination"), DUE)
        assert told(await bot.text("/brief-admin why date=talks", MANAGER))[3] == (
            "Messages to it wait, since they are refused: “the channel is archived”."
            " When that is mended, write /brief-admin resume there."
        )


# --- what may not be shown --------------------------------------------------------------------------

ADMINS = "    distribution: admins\n"


async def test_a_withheld_date_is_explained_to_admins_and_unknown_to_others() -> None:
    async with office(edited(talks())) as bot:
        await follow(bot, "talks")
        await bot.publish(edited(talks(more=ADMINS)))
        text = await bot.text("/brief-admin why date=talks", ADMIN)
        assert told(text)[2] == (
            "Those who read there may not see this date, so nothing about it is told there."
        )
        assert lines(text)[0] == (
            "Delivery 1, 7 days before, 2026-12-11 00:00 UTC: It is left out when its turn comes, since its"
            " readers may not see this date, unless that changes by then."
        )
        assert "There is no watch date “talks”" in await bot.text("/brief-admin why date=talks", MANAGER)


async def test_a_date_that_was_withheld_from_the_start_lacks_no_message() -> None:
    async with office(edited(talks(more=ADMINS))) as bot:
        await bot.say("/brief follow where=here", MANAGER)
        async with bot.desk.store.transaction() as tx:
            await tx.execute("DELETE FROM deliveries WHERE item = 'talks'")
        assert told(await bot.text("/brief-admin why date=talks", ADMIN))[2:] == [
            "Those who read there may not see this date, so nothing about it is told there.",
            "Subscription 1 follows all watch dates of “The Korean Peninsula, December 2024”,"
            " since 2026-11-24 08:00 UTC.",
        ]


async def test_a_message_about_a_withheld_date_names_neither_the_date_nor_its_day() -> None:
    async with office(edited(talks())) as bot:
        await follow(bot, "talks")
        await bot.attempt(Sent("1.1"), DUE)
        await bot.publish(edited(talks("2027-01-18", ADMINS)))
        text = await bot.text("/brief-admin why 1", MANAGER)
        assert told(text)[1] == (
            "It is the reminder of a watch date that is not shown here, 7 days before, to this channel."
        )
        assert told(text)[3] == (
            "Subscription 1 made it: reminders of a part of “The Korean Peninsula, December 2024” that is not"
            " shown here, announced at 09:00, Asia/Tokyo time, set up 2026-11-24 08:00 UTC by you."
        )
        for secret in ("Geneva", "December 18", "January 18", "talks"):
            assert secret not in text


async def test_a_brief_that_is_withheld_is_not_named() -> None:
    async with office(shipped()) as bot:
        await bot.say("/brief-admin digest set daily 09:00", MANAGER)
        await bot.publish(edited({"format: 1\n": "format: 1\ndistribution: admins\n"}))
        text = await bot.text("/brief-admin why 1", MANAGER)
        assert told(text)[1] == "It is the digest of a brief that is not shown here, to this channel."
        assert "Korean" not in text
