"""The list of what could not be delivered: read, retried, dismissed, each by those who may."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.address import Destination
from scheduler.delivery import Delivery
from scheduler.outcomes import Doubtful, Refused, Retry, Sent
from tests.office import ADMIN, CHANNEL, MANAGER, READER, Office, edited, key_of, office, shipped

pytestmark = pytest.mark.usefixtures("contract")

DUE = datetime(2026, 12, 11, 0, 0, tzinfo=UTC)  # the entry into force, seven days before, at 09:00 in Tokyo
ELSEWHERE = Destination("slack", "T9", "C7")
FOLLOW = "/brief follow treaty-entry-into-force where=here"
REMINDER = (
    "the reminder of 61st anniversary of the entry into force of the Japan-ROK Treaty on Basic Relations,"
    " 7 days before"
)
BY_NUMBER = (
    "By number: /brief-admin deliveries retry 1 or /brief-admin deliveries dismiss 1."
    " What became of one: /brief-admin why 1."
)
DELETED = Refused("the message is not there any more")
GONE = Refused("the channel is archived", "destination")


async def failed(bot: Office, place: Destination = CHANNEL) -> Delivery:
    """Follow a date at a place, whose first reminder is refused."""
    await bot.say(FOLLOW, MANAGER, place)
    return await bot.attempt(DELETED, DUE)


async def stop_of(bot: Office, place: Destination = CHANNEL) -> str | None:
    async with bot.desk.store.reading() as tx:
        found = await bot.desk.deliveries.stops.at(tx, place)
    return found.place if found else None


async def test_where_nothing_failed_the_list_says_so_and_what_comes(bot: Office) -> None:
    assert await bot.text("/brief-admin deliveries", ADMIN) == (
        "Deliveries\n\nNothing failed, and no destination is stopped.\n\nNothing is planned either;"
        " /brief follow where=here follows the dates of a brief.\n\n"
        "Planned: 0. Sent within 7 days: 0. Waiting to be tried again or looked up: 0."
    )
    await bot.say(FOLLOW, MANAGER)
    assert await bot.text("/brief-admin deliveries", ADMIN) == (
        "Deliveries\n\nNothing failed, and no destination is stopped.\n\n"
        f"Next: {REMINDER}, to channel C1 of T1 on Slack, 2026-12-11 00:00 UTC.\n\n"
        "Planned: 8. Sent within 7 days: 0. Waiting to be tried again or looked up: 0."
    )


async def test_what_failed_is_listed_with_its_place_its_time_and_the_platforms_words(bot: Office) -> None:
    await failed(bot)
    listed = await bot.reply("/brief-admin deliveries", ADMIN)
    assert await bot.text("/brief-admin deliveries", ADMIN) == (
        f"Deliveries\n\nFailed for good\n\n- 1: {REMINDER}, to channel C1 of T1 on Slack, due 2026-12-11 00:00"
        f" UTC: “the message is not there any more”.\n\n{BY_NUMBER}\n\n"
        "Planned: 7. Sent within 7 days: 0. Waiting to be tried again or looked up: 0."
    )
    assert [action.label for action in listed.actions] == ["Retry 1", "Dismiss 1"]


async def test_the_counts_are_of_seven_days_and_of_what_waits(bot: Office) -> None:
    await bot.say(FOLLOW, MANAGER)
    await bot.attempt(Sent("1"), DUE)
    counts = "Planned: {}. Sent within 7 days: {}. Waiting to be tried again or looked up: {}."
    assert (await bot.text("/brief-admin deliveries", ADMIN)).endswith(counts.format(7, 1, 0))
    await bot.attempt(Retry("busy"), DUE + timedelta(days=6))
    assert (await bot.text("/brief-admin deliveries", ADMIN)).endswith(counts.format(6, 1, 1))
    bot.now = DUE + timedelta(days=7, minutes=1)
    assert (await bot.text("/brief-admin deliveries", ADMIN)).endswith(counts.format(6, 0, 1))


async def test_what_failed_is_sent_again_within_seconds(bot: Office) -> None:
    await failed(bot)
    bot.now = DUE + timedelta(hours=3)
    retried = await bot.click(key_of(await bot.reply("/brief-admin deliveries", MANAGER), "Retry 1"), MANAGER)
    assert (retried.title, retried.blocks[0].text) == (  # type: ignore[union-attr]
        "Delivery 1 is tried again", ("It is sent again within seconds, and tried for a day.",),
    )  # fmt: skip
    again = await bot.attempt(Sent("1700000000.000100"), bot.now)
    assert (again.id, again.state, again.attempts) == (1, "sent", 2)


async def test_a_new_plan_does_not_shorten_the_day_that_a_retry_got(bot: Office) -> None:
    await failed(bot)
    bot.now = DUE + timedelta(days=8)
    await bot.say("/brief-admin deliveries retry 1", MANAGER)
    await bot.say("/brief follow camp-david-summit where=here", MANAGER)
    assert (await bot.attempt(Sent("1"), bot.now)).id == 1


async def test_a_delivery_in_doubt_is_looked_up_before_it_is_sent_again(bot: Office) -> None:
    await bot.say(FOLLOW, MANAGER)
    row = await bot.attempt(Doubtful("Slack's answer was lost"), DUE)
    async with bot.desk.store.transaction() as tx:
        await bot.desk.deliveries.resolve(tx, row.id, Refused("the history cannot be read"), DUE)
    assert await bot.text("/brief-admin deliveries retry 1", MANAGER) == (
        "Delivery 1 is tried again\n\nIt is looked up first, since nobody knows whether it arrived;"
        " it is sent only if it is not there."
    )
    async with bot.desk.store.transaction() as tx:
        assert await bot.desk.deliveries.claim(tx, DUE) == []
        assert [each.id for each in await bot.desk.deliveries.claim_doubtful(tx, DUE)] == [1]


async def test_a_stop_is_listed_first_and_its_button_lifts_it(bot: Office) -> None:
    await bot.say(FOLLOW, MANAGER)
    await bot.attempt(GONE, DUE)
    listed = await bot.reply("/brief-admin deliveries", MANAGER)
    assert await bot.text("/brief-admin deliveries", MANAGER) == (
        "Deliveries\n\nStopped\n\n- Nothing is sent to channel C1 of T1 on Slack since 2026-12-11 00:00 UTC:"
        " “the channel is archived”. Messages that wait: 1.\n\n"
        "Planned: 7. Sent within 7 days: 0. Waiting to be tried again or looked up: 1."
    )
    lifted = await bot.click(key_of(listed, "Try again"), MANAGER)
    assert (lifted.title, await stop_of(bot)) == ("Stop lifted", None)
    assert (await bot.attempt(Sent("1"), DUE)).state == "sent"
    assert await bot.text("/brief-admin deliveries retry", MANAGER) == (
        "Not done\n\nNothing is stopped there; to retry what failed give its number, like"
        " /brief-admin deliveries retry 17. /brief-admin deliveries lists what failed."
    )


async def test_lifting_a_stop_says_how_many_messages_go_out(bot: Office) -> None:
    await bot.say(FOLLOW, MANAGER)
    await bot.attempt(GONE, DUE)
    bot.now = DUE + timedelta(days=6)  # a second reminder fell due meanwhile
    assert await bot.text("/brief-admin deliveries retry", MANAGER) == (
        "Stop lifted\n\nThe stop of channel C1 of T1 on Slack is lifted."
        " Messages that go out now, as far as they are still of use: 2."
    )


async def test_a_retry_at_a_stopped_destination_lifts_the_stop_and_says_so(bot: Office) -> None:
    await failed(bot)
    await bot.attempt(GONE, DUE + timedelta(days=6))
    assert await bot.text("/brief-admin deliveries retry 1", MANAGER) == (
        "Delivery 1 is tried again\n\nIt is sent again within seconds, and tried for a day.\n\n"
        "The stop of channel C1 of T1 on Slack is lifted with it; what waits there goes out as well."
    )
    assert await stop_of(bot) is None


async def test_the_stop_of_a_platform_is_lifted_by_admins_alone(bot: Office) -> None:
    await failed(bot)
    await bot.attempt(Refused("the bot token was revoked", "token"), DUE + timedelta(days=6))
    listed = await bot.reply("/brief-admin deliveries", MANAGER)
    assert "Try again" not in [action.label for action in listed.actions]
    assert (
        "- Nothing is sent to Slack since 2026-12-17 00:00 UTC: “the bot token was revoked”."
        " Messages that wait: 1. The bot's admins can lift it."
    ) in await bot.text("/brief-admin deliveries", MANAGER)
    assert await bot.text("/brief-admin deliveries retry", MANAGER) == (
        "Not done\n\nSlack refuses the bot's messages; the bot's admins (slack:T1/U9) can lift that stop."
    )
    assert await bot.text("/brief-admin deliveries retry channel=slack", MANAGER) == (
        "Not done\n\n“slack” is no channel here; pick one from the list or leave channel out."
    )
    assert (await bot.text("/brief-admin deliveries retry 1", MANAGER)).endswith(
        "It waits, since Slack refuses the bot's messages; the bot's admins can lift that stop."
    )
    assert await stop_of(bot) == "slack"
    lifted = await bot.click(key_of(await bot.reply("/brief-admin deliveries", ADMIN), "Try again"), ADMIN)
    assert (lifted.title, await stop_of(bot)) == ("Stop lifted", None)
    assert await bot.text("/brief-admin deliveries retry channel=slack", ADMIN) == (
        "Not done\n\nSlack is not stopped; /brief-admin deliveries lists what is."
    )


async def test_dismissing_takes_a_delivery_off_the_list_and_keeps_who_did_it(bot: Office) -> None:
    await failed(bot)
    assert await bot.text("/brief-admin deliveries dismiss 1", MANAGER) == (
        f"Delivery 1 is dismissed\n\nOff the list, and not sent: {REMINDER}, to channel C1 of T1 on Slack,"
        " due 2026-12-11 00:00 UTC."
    )
    row = await bot.delivery(1)
    assert (row.state, row.last_error) == (
        "skipped", "dismissed by slack:T1/U2; before, the message is not there any more",
    )  # fmt: skip
    assert "Failed for good" not in await bot.text("/brief-admin deliveries", ADMIN)
    assert await bot.text("/brief-admin deliveries retry 1", MANAGER) == (
        "Not done\n\nDelivery 1 has not failed, so there is nothing to do about it;"
        " /brief-admin why 1 says what became of it."
    )


async def test_who_dismissed_a_delivery_can_be_forgotten(bot: Office) -> None:
    await failed(bot)
    await bot.say("/brief-admin deliveries dismiss 1", MANAGER)
    async with bot.desk.store.transaction() as tx:
        assert await bot.desk.deliveries.unname(tx, MANAGER.person._replace(id="U")) == 0
        assert await bot.desk.deliveries.unname(tx, MANAGER.person) == 1
    assert (await bot.delivery(1)).last_error == "dismissed; before, the message is not there any more"


async def test_a_number_is_asked_for_and_one_out_of_reach_is_refused(bot: Office) -> None:
    assert await bot.text("/brief-admin deliveries dismiss", ADMIN) == (
        "Not done\n\nSay which one, like /brief-admin deliveries dismiss 17;"
        " /brief-admin deliveries lists what failed."
    )
    for number in ("5", "-1", "99999999999999999999"):
        assert await bot.text(f"/brief-admin deliveries retry {number}", ADMIN) == (
            f"Not done\n\nThere is no delivery {number} that you may act on from here;"
            " /brief-admin deliveries lists what failed."
        )


async def test_a_reader_is_told_who_may(bot: Office) -> None:
    assert await bot.text("/brief-admin deliveries", READER) == (
        "Not done\n\n/brief-admin deliveries needs the right to manage this channel;"
        " ask somebody who manages it."
    )


async def test_a_manager_sees_and_touches_nothing_of_another_workspace(bot: Office) -> None:
    await failed(bot, ELSEWHERE)
    assert "channel C7 of T9 on Slack" in await bot.text("/brief-admin deliveries", ADMIN)
    theirs = await bot.text("/brief-admin deliveries", replace(MANAGER, governs=True))
    assert theirs.startswith("Deliveries\n\nNothing failed, and no destination is stopped.")
    assert theirs.endswith("Planned: 0. Sent within 7 days: 0. Waiting to be tried again or looked up: 0.")
    refusal = (
        "Not done\n\nThere is no delivery {} that you may act on from here;"
        " /brief-admin deliveries lists what failed."
    )
    for action in ("retry", "dismiss"):
        for number in (1, 400):
            answer = await bot.text(f"/brief-admin deliveries {action} {number}", MANAGER)
            assert answer == refusal.format(number)
    assert await bot.text("/brief-admin deliveries channel=slack:T9/C7", MANAGER) == (
        "Not done\n\n“slack:T9/C7” belongs to another workspace; only the bot's admins reach it."
    )


async def test_a_manager_of_one_channel_does_not_reach_another(bot: Office) -> None:
    other = CHANNEL._replace(channel="C2")
    await failed(bot, other)
    assert "Failed for good" not in await bot.text("/brief-admin deliveries", MANAGER)
    assert "you may act on from here" in await bot.text("/brief-admin deliveries dismiss 1", MANAGER)
    governor = replace(MANAGER, governs=True)
    assert "- 1: the reminder" in await bot.text("/brief-admin deliveries channel=slack:T1/C2", governor)
    assert "is dismissed" in await bot.text("/brief-admin deliveries dismiss 1", governor)


async def test_who_governs_a_workspace_does_not_reach_the_messages_to_its_people(bot: Office) -> None:
    await bot.say("/brief follow treaty-entry-into-force")
    await bot.attempt(DELETED, DUE)
    governor = replace(MANAGER, governs=True)
    assert "you may act on from here" in await bot.text("/brief-admin deliveries dismiss 1", governor)
    assert "the direct messages of U1 on Slack" in await bot.text("/brief-admin deliveries", ADMIN)


async def test_what_nobody_wants_any_more_is_not_sent_again(bot: Office) -> None:
    await failed(bot)
    await bot.say("/brief-admin pause", MANAGER)
    assert await bot.text("/brief-admin deliveries retry 1", MANAGER) == (
        "Not done\n\nDelivery 1 is not sent again while subscription 1 is paused;"
        " write /brief-admin resume there first."
    )
    await bot.say("/brief unfollow 1", MANAGER)
    assert await bot.text("/brief-admin deliveries retry 1", MANAGER) == (
        "Not done\n\nDelivery 1 is not sent again, since subscription 1 has ended;"
        " take it off the list with /brief-admin deliveries dismiss 1."
    )


async def test_what_went_to_a_person_who_muted_the_bot_is_not_sent_again(bot: Office) -> None:
    await bot.say("/brief follow treaty-entry-into-force")
    await bot.attempt(DELETED, DUE)
    async with bot.desk.store.transaction() as tx:
        await bot.desk.people.mute(tx, READER.person, DUE + timedelta(days=2))
    assert await bot.text("/brief-admin deliveries retry 1", ADMIN) == (
        "Not done\n\nDelivery 1 is not sent again now, since this person muted the bot until"
        " 2026-12-13 00:00 UTC; retry it after that, or dismiss it."
    )


async def test_a_date_that_was_withheld_since_is_not_named(bot: Office) -> None:
    async with office(shipped()) as other:
        await failed(other)
        kept = "  - id: treaty-entry-into-force\n"
        await other.publish(edited({kept: f"{kept}    distribution: admins\n"}))
        text = await other.text("/brief-admin deliveries", MANAGER)
        assert "- 1: the reminder of a watch date that is not shown here, 7 days before, to" in text
        assert REMINDER in await other.text("/brief-admin deliveries", ADMIN)


async def test_only_the_latest_are_listed_and_the_rest_is_counted(bot: Office) -> None:
    await bot.say("/brief-admin digest set daily 09:00", MANAGER)
    for day in range(21):
        await bot.attempt(DELETED, datetime(2026, 11, 25, tzinfo=UTC) + timedelta(days=day))
    listed = await bot.whole("/brief-admin deliveries", ADMIN)
    assert "These are the latest 20 of 21; dismiss some to see the others." in listed
    assert "- 21: the digest of “The Korean Peninsula, December 2024”, to channel C1 of T1 on Slack" in listed
    assert "- 1: " not in listed
    assert [action.label for action in (await bot.reply("/brief-admin deliveries", ADMIN)).actions][1:] == [
        "Retry 21", "Dismiss 21", "Retry 20", "Dismiss 20", "Retry 19", "Dismiss 19",
    ]  # fmt: skip
