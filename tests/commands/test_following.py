"""Following: what is confirmed is what will be sent."""

from scheduler.address import Destination
from tests.office import CHANNEL, MANAGER, READER, Office, key_of

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
