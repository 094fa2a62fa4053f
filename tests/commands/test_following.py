"""Following: what is confirmed is what will be sent."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scheduler.address import Destination
from tests.office import ADMIN, CHANNEL, MANAGER, READER, Office, edited, key_of, office, shipped

pytestmark = pytest.mark.usefixtures("contract")

INBOX = Destination("slack", "T1", "@U1")


async def test_following_a_date_confirms_what_comes_next(bot: Office) -> None:
    assert await bot.text("/brief follow treaty-signing") == (
        "Following\n\nYou now follow the watch date “Anniversary of the signing of the Japan-ROK Treaty on Basic"
        " Relations”.\n\nNext message: 2027-03-24 00:00 UTC, 62nd anniversary of the signing of the Japan-ROK"
        " Treaty on Basic Relations.\n\nDays are announced at 09:00, Asia/Tokyo time."
    )
    async with bot.desk.store.reading() as tx:
        planned = await bot.desk.deliveries.upcoming(tx, 20, INBOX)
    assert [row.lead for row in planned] == ["90d", "30d", "7d", "1d", "0d"]


async def test_a_lead_time_that_is_past_is_not_sent(bot: Office) -> None:
    await bot.say("/brief follow treaty-entry-into-force")
    async with bot.desk.store.reading() as tx:
        planned = await bot.desk.deliveries.upcoming(tx, 3, INBOX)
    assert [(row.occurrence, row.lead) for row in planned] == [(61, "7d"), (61, "1d"), (61, "0d")]


async def test_own_lead_times_and_hour_are_kept(bot: Office) -> None:
    await bot.say("/brief follow treaty-signing leads=14d,2d hour=07:30")
    async with bot.desk.store.reading() as tx:
        planned = await bot.desk.deliveries.upcoming(tx, 9, INBOX)
    assert [(row.lead, f"{row.due_at:%m-%d %H:%M}") for row in planned] == [
        ("14d", "06-07 22:30"), ("2d", "06-19 22:30"),
    ]  # fmt: skip


async def test_a_wrong_lead_time_says_how_one_is_written(bot: Office) -> None:
    assert await bot.text("/brief follow leads=soon") == (
        "Not done\n\nNot a lead time; write it like 7d (days) or 2h (hours)."
    )


async def test_following_for_a_channel_needs_the_right_to_manage_it(bot: Office) -> None:
    assert await bot.text("/brief follow where=here") == (
        "Not done\n\nFollowing for a channel needs the right to manage it; ask somebody who manages it,"
        " or follow for yourself with where=me."
    )
    assert "This channel now follows all watch dates" in await bot.text("/brief follow where=here", MANAGER)


async def test_unfollowing_stops_what_was_planned(bot: Office) -> None:
    followed = await bot.reply("/brief follow")
    stopped = await bot.click(key_of(followed, "Unfollow"))
    assert stopped.title == "Unfollowed"
    async with bot.desk.store.reading() as tx:
        assert await bot.desk.deliveries.upcoming(tx, 5, INBOX) == []
    again = await bot.click(key_of(stopped, "Follow again"))
    assert again.title == "Following"


async def test_unfollowing_among_several_offers_them(bot: Office) -> None:
    await bot.say("/brief follow treaty-signing")
    await bot.say("/brief follow camp-david-summit")
    offered = await bot.reply("/brief unfollow")
    assert [action.label for action in offered.actions] == ["Unfollow 1", "Unfollow 2"]


async def test_nobody_ends_what_another_person_follows(bot: Office) -> None:
    await bot.say("/brief follow treaty-signing", MANAGER)
    assert await bot.text("/brief unfollow 1") == (
        "Not done\n\nThere is no subscription 1 that you may end; /brief subscriptions lists yours."
    )


async def test_a_new_zone_moves_ones_own_reminders(bot: Office) -> None:
    await bot.say("/brief follow treaty-signing")
    text = await bot.text("/brief timezone America/New_York")
    assert text == (
        "Your time zone\n\nYour zone is America/New_York now; your own reminders follow it. There it is 03:00."
    )
    async with bot.desk.store.reading() as tx:
        planned = await bot.desk.deliveries.upcoming(tx, 1, INBOX)
    assert f"{planned[0].due_at:%Y-%m-%d %H:%M}" == "2027-03-24 13:00"


async def test_a_digest_is_set_changed_previewed_paused_and_stopped(bot: Office) -> None:
    text = await bot.text("/brief-admin digest set weekly sun 01:30 Asia/Tokyo", MANAGER)
    assert text.startswith(
        "Digest set\n\nThe digest of “The Korean Peninsula, December 2024” now goes to this channel:"
        " weekly sun 01:30, Asia/Tokyo time."
    )
    changed = await bot.text("/brief-admin digest set daily 08:00", MANAGER)
    assert "Before, it was weekly sun 01:30, Asia/Tokyo time." in changed
    preview = await bot.reply("/brief-admin digest preview", MANAGER)
    assert (preview.title, preview.visibility) == ("Digest: The Korean Peninsula, December 2024", "private")
    assert "Nothing is sent until /brief-admin resume." in await bot.text("/brief-admin pause", MANAGER)
    async with bot.desk.store.reading() as tx:
        assert await bot.desk.deliveries.upcoming(tx, 5, CHANNEL) == []
    assert "What came due meanwhile is not sent." in await bot.text("/brief-admin resume", MANAGER)
    sent = await bot.text("/brief-admin digest send", MANAGER)
    assert sent.endswith("The digest goes to slack:T1/C1 now; the schedule (daily 08:00) stays as it is.")
    stopped = await bot.text("/brief-admin digest stop", MANAGER)
    assert stopped.endswith("The digest of this channel is stopped. /brief-admin digest sets it again.")


async def test_a_reader_changes_nothing_of_a_channel(bot: Office) -> None:
    for line in ("digest set daily 08:00", "channel", "pause", "resume"):
        assert await bot.text(f"/brief-admin {line}", READER) == (
            f"Not done\n\n/brief-admin {line.split()[0]} needs the right to manage this channel;"
            " ask somebody who manages it."
        )


async def test_health_is_for_admins(bot: Office) -> None:
    assert await bot.text("/brief-admin health", MANAGER) == (
        "Not done\n\n/brief-admin health is for the bot's admins (slack:T1/U9); ask one of them."
    )


async def test_following_again_changes_only_what_is_given(bot: Office) -> None:
    await bot.say("/brief follow hour=07:30 leads=30d zone=Asia/Seoul")
    text = await bot.text("/brief follow leads=14d")
    assert "Followed here already: all watch dates of “The Korean Peninsula, December 2024”." in text
    assert "Days are announced at 07:30, Asia/Seoul time." in text
    async with bot.desk.store.reading() as tx:
        kept = (await bot.desk.subscriptions.at(tx, INBOX))[0]
    assert (kept.schedule, kept.zone, kept.leads) == ("07:30", "Asia/Seoul", ("14d",))


async def test_pausing_a_channel_leaves_ones_own_messages_alone(bot: Office) -> None:
    await bot.say("/brief follow", MANAGER)
    await bot.say("/brief-admin channel", MANAGER)
    assert await bot.text("/brief-admin pause", MANAGER) == (
        "Paused\n\nPaused: 2. Nothing is sent until /brief-admin resume."
    )


async def test_nobody_sets_up_anothers_direct_messages(bot: Office) -> None:
    for line in ("channel channel=slack:T1/@U1", "digest set daily 08:00 channel=slack:T1/@U1"):
        assert await bot.text(f"/brief-admin {line}", MANAGER) == (
            "Not done\n\nNothing can be sent to “slack:T1/@U1” from here; pick a channel from the list."
        )


async def test_another_channel_needs_the_right_to_manage_the_workspace(bot: Office) -> None:
    assert await bot.text("/brief-admin channel channel=slack:T1/C2", MANAGER) == (
        "Not done\n\nSetting up another channel needs the right to manage the whole workspace;"
        " write the command in that channel."
    )
    governor = replace(MANAGER, governs=True)
    assert "now go to slack:T1/C2" in await bot.text("/brief-admin channel channel=slack:T1/C2", governor)


async def test_a_channel_cannot_follow_what_its_readers_may_not_see() -> None:
    kept = edited({"  - id: treaty-signing\n": "  - id: treaty-signing\n    distribution: admins\n"})
    async with office(kept) as bot:
        assert "There is no topic “treaty-signing”" in await bot.text(
            "/brief follow treaty-signing where=here", ADMIN
        )


async def test_a_withheld_date_is_not_named_to_who_follows_it() -> None:
    async with office(shipped()) as bot:
        await bot.say("/brief follow treaty-signing")
        await bot.publish(
            edited({"  - id: treaty-signing\n": "  - id: treaty-signing\n    distribution: admins\n"})
        )
        text = await bot.text("/brief subscriptions")
        assert "reminders of a part of “The Korean Peninsula, December 2024” that is not shown here" in text
        assert "treaty-signing" not in text


async def test_a_zone_that_was_set_counts_for_the_days_of_replies(bot: Office) -> None:
    bot.now = datetime(2026, 12, 17, 16, 0, tzinfo=UTC)
    caller = replace(READER, zone=None)
    assert "(in 1 day)" in await bot.text("/brief dates", caller)
    await bot.say("/brief timezone Asia/Tokyo", caller)
    assert "December 18, 2026: 61st anniversary" in await bot.text("/brief dates", caller)
    assert "(today)" in await bot.text("/brief dates", caller)
