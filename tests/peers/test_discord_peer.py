"""The Discord peer's REST API and interactions, driven by the real discord.py client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest

from tests.peers.discord_bot import NOBODY, Bot, picture, running
from tests.peers.discord_peer import (
    Channel,
    DiscordPeer,
    Guild,
    NotOfferedError,
    Permission,
    Upload,
    find_component,
    visible_text,
)
from tests.peers.discord_peer.world import MANAGER_USER, READER_USER, TEAM_ROLE


@pytest.fixture
async def peer() -> AsyncIterator[DiscordPeer]:
    async with DiscordPeer() as peer:
        yield peer
        assert peer.violations == []


@pytest.fixture
async def bot(peer: DiscordPeer) -> AsyncIterator[Bot]:
    async with running(Bot(), peer) as bot:
        yield bot


async def text_channel(bot: Bot, peer: DiscordPeer) -> discord.TextChannel:
    channel = await bot.fetch_channel(int(peer.channel().id))
    assert isinstance(channel, discord.TextChannel)
    return channel


async def test_the_client_logs_in_and_registers_its_commands(peer: DiscordPeer, bot: Bot) -> None:
    assert bot.user is not None
    assert (bot.user.name, [guild.name for guild in bot.guilds]) == ("briefbot", ["Research"])
    assert [channel.name for channel in bot.guilds[0].channels] == ["general", "briefs"]
    assert [thread.name for thread in bot.guilds[0].threads] == ["questions"]
    assert [command["name"] for command in peer.commands()] == ["brief", "form"]
    assert peer.commands()[1]["default_member_permissions"] == str(1 << 5)


async def test_a_command_is_answered_in_a_guild_and_in_a_dm(peer: DiscordPeer, bot: Bot) -> None:
    exchange = await peer.command("brief show", {"section": "china", "page": 2}, user="manager", locale="ja")
    answer = await exchange.answer()
    assert answer["content"] == "china page 2 for manager in Research, ja"
    assert exchange.ephemeral
    assert exchange.sent_at < exchange.called_back_at <= exchange.visible_at
    exchange = await peer.command("brief show", {"section": "japan"}, dm=True)
    assert (await exchange.answer())["content"] == "japan page 1 for reader in a DM, en-US"
    assert exchange.payload["context"] == 1
    assert peer.messages(READER_USER) == [], "a private answer is in no history"


async def test_options_with_ids_arrive_resolved(peer: DiscordPeer, bot: Bot) -> None:
    exchange = await peer.command(
        "brief resolve",
        {"person": "200000000000000002", "role": TEAM_ROLE, "channel": peer.channel("briefs"),
         "file": Upload("brief.yaml", b"format: 1")},
        permissions=Permission.MANAGE_GUILD,
    )  # fmt: skip
    answer = await exchange.answer()
    assert answer["content"] == "manager Team briefs brief.yaml b'format: 1' True True"
    assert [stored.id for stored in peer.messages(peer.channel())] == [answer["id"]]


async def test_completion_offers_choices(peer: DiscordPeer, bot: Bot) -> None:
    exchange = await peer.autocomplete("brief show", "section", "ja")
    assert await exchange.answer() == {"choices": [{"name": "Japan", "value": "japan"}]}


async def test_a_deferred_answer_waits_for_its_text(peer: DiscordPeer, bot: Bot) -> None:
    exchange = await peer.command("brief slow")
    assert (await exchange.first_response())["type"] == 5
    answer = await exchange.answer()
    assert answer["content"] == "At last"
    assert answer["attachments"][0]["description"] == "A map of the region"
    assert (await exchange.next_followup())["content"] == "And more"


async def test_an_attached_picture_is_served(peer: DiscordPeer, bot: Bot) -> None:
    answer = await (await peer.command("brief share")).answer()
    [stored] = peer.messages(peer.channel())
    assert stored.payload == answer
    assert [upload.data for upload in stored.files.values()] == [b"png"]
    async with aiohttp.ClientSession() as http, http.get(answer["embeds"][0]["image"]["url"]) as response:
        assert await response.read() == b"png"


async def test_buttons_and_menus_reach_the_bot(peer: DiscordPeer, bot: Bot) -> None:
    answer = await (await peer.command("brief show", {"section": "china"})).answer()
    assert (await (await peer.select("zone", answer, ["Tokyo"])).answer())["content"] == "Chosen: ['Tokyo']"
    picked = await peer.select("who", answer, ["200000000000000002"])
    assert (await picked.answer())["content"] == "Chosen: ['200000000000000002']"
    changed = await (await peer.click("Later", answer)).answer()
    assert (changed["id"], changed["content"]) == (answer["id"], "Changed later")
    changed = await (await peer.click("more", answer)).answer()
    assert (changed["content"], changed["components"]) == ("The rest of it", [])
    assert answer["content"].startswith("china"), "an answer once given to a test does not change under it"


async def test_a_form_is_filled_in_and_submitted(peer: DiscordPeer, bot: Bot) -> None:
    opener = await peer.command("form", user="manager")
    assert (await opener.answer())["title"] == "Ask the report"
    with pytest.raises(NotOfferedError, match="the form's client refuses 201 characters in 'question'"):
        await peer.submit(opener, {"question": "x" * 201, "when": "Now"})
    fields = {"question": "When?", "when": "Now", "file": [Upload("a.yaml", b"format: 1")]}
    submitted = await peer.submit(opener, fields)
    assert (await submitted.answer())["content"] == "When? ['Now'] [b'format: 1']"
    assert submitted.user_id == MANAGER_USER


async def test_a_form_opened_by_a_button_carries_its_message(peer: DiscordPeer, bot: Bot) -> None:
    answer = await (await peer.command("brief show", {"section": "china"})).answer()
    opener = await peer.click("form", answer)
    form = await opener.answer()
    submitted = await peer.submit(form["custom_id"], {"question": "Why?", "when": "Later"})
    assert submitted.payload["message"]["id"] == answer["id"]
    assert (await submitted.answer())["content"] == "Why? ['Later'] []"


async def test_a_persons_client_offers_only_what_it_would(peer: DiscordPeer, bot: Bot) -> None:
    async def refusal(asking: Any) -> str:
        with pytest.raises(NotOfferedError) as caught:
            await asking
        return str(caught.value)

    assert await refusal(peer.command("nothing")) == "/nothing is not registered here; there are: brief, form"
    assert await refusal(peer.command("brief")) == "/brief cannot be invoked without a subcommand"
    assert (await refusal(peer.command("brief hide"))).startswith(
        "/brief hide has no part 'hide'; there are: show,"
    )
    assert await refusal(peer.command("brief show")) == "/brief show cannot be sent without: section"
    wrong = peer.command("brief show", {"section": "china", "page": 10})
    assert await refusal(wrong) == "option page: 10 is out of range"
    assert await refusal(peer.command("form")) == "/form is hidden from members without permissions 32"
    assert await refusal(peer.command("form", dm=True)) == "/form is not offered in this kind of channel"
    answer = await (await peer.command("brief show", {"section": "china"})).answer()
    assert await refusal(peer.click("old", answer)) == "'old' is disabled"
    assert await refusal(peer.click("Source", answer)) == "'Source' is no button that sends anything"
    assert (
        await refusal(peer.click("more", answer, user="manager"))
        == "manager does not see this private message"
    )
    assert await refusal(peer.select("zone", answer, ["Mars"])) == (
        "the menu does not offer 'Mars'; it offers: Tokyo, London"
    )
    with pytest.raises(
        LookupError, match="no component 'Mor'; it has: More, Later, Form, Source, Old, zone, who"
    ):
        await peer.click("Mor", answer)


async def test_channel_messages_are_sent_edited_found_and_deleted(peer: DiscordPeer, bot: Bot) -> None:
    channel = await text_channel(bot, peer)
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="More", custom_id="delivery:7"))
    sent = await channel.send("A digest", nonce="delivery-7", view=view, files=[picture(), picture()])
    again = await channel.send("A digest", nonce="delivery-7")
    assert (again.id, again.nonce) == (sent.id, "delivery-7")
    await sent.edit(content="A correction", attachments=[sent.attachments[0]])
    reply = await channel.send("A reminder", reference=sent, silent=True)
    found = [message async for message in channel.history(limit=10)]
    assert [(message.content, message.nonce) for message in found] == [
        ("A reminder", None),
        ("A correction", None),
    ]
    fetched = await channel.fetch_message(sent.id)
    assert len(fetched.attachments) == 1
    stored = peer.stored(str(sent.id))
    assert find_component(stored.payload, "delivery:7")["label"] == "More"
    assert visible_text(stored.payload) == "A correction\nMore\nA map of the region"
    await reply.delete()
    with pytest.raises(discord.NotFound, match="10008"):
        await channel.fetch_message(reply.id)
    async with channel.typing():
        pass


async def test_a_v2_message_is_sent_and_edited(peer: DiscordPeer, bot: Bot) -> None:
    channel = await text_channel(bot, peer)
    view = discord.ui.LayoutView()
    card: discord.ui.Container[Any] = discord.ui.Container(
        discord.ui.TextDisplay("## A digest <@200000000000000001>")
    )
    card.add_item(
        discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://map.png", description="A map"))
    )
    view.add_item(card)
    sent = await channel.send(view=view, file=picture(), allowed_mentions=NOBODY)
    stored = peer.stored(str(sent.id))
    assert stored.notified == []
    assert stored.payload["components"][0]["components"][1]["items"][0]["media"]["url"].endswith("/map.png")
    card.add_item(discord.ui.TextDisplay("As of today"))
    await sent.edit(view=view)
    assert visible_text(stored.payload).startswith("## A digest <@200000000000000001>\nAs of today")


async def test_direct_messages_arrive_unless_they_are_closed(peer: DiscordPeer, bot: Bot) -> None:
    person = await bot.fetch_user(int(READER_USER))
    await person.send("A reminder")
    assert [stored.payload["content"] for stored in peer.messages(READER_USER)] == ["A reminder"]
    peer.close_dms("reader")
    with pytest.raises(discord.Forbidden, match="50007"):
        await person.send("Another")


async def test_members_roles_and_guilds_can_be_asked_for(peer: DiscordPeer, bot: Bot) -> None:
    guild = await bot.fetch_guild(int(peer.guild().id))
    member = await guild.fetch_member(int(READER_USER))
    assert [role.name for role in member.roles] == ["@everyone", "Team"]
    assert [channel.name for channel in await guild.fetch_channels()] == ["general", "briefs"]
    assert [guild.name async for guild in bot.fetch_guilds(with_counts=False)] == ["Research"]
    with pytest.raises(discord.NotFound, match="10013"):
        await guild.fetch_member(1)


async def test_an_invitation_and_a_removal_are_announced(peer: DiscordPeer, bot: Bot) -> None:
    await peer.invite(Guild("100000000000000099", "Second", [Channel("110000000000000099", "news")]))
    await bot.until("joined Second")
    await peer.remove_bot("Second")
    await bot.until("left Second")
    with pytest.raises(NotOfferedError, match="the bot is not in Second"):
        await peer.command("brief slow", guild="Second")


async def test_peoples_words_are_hidden_without_the_privileged_intent(peer: DiscordPeer) -> None:
    intents = discord.Intents(guilds=True, guild_messages=True)
    async with running(Bot(intents), peer) as bot:
        await peer.say("What does Tokyo want?")
        await bot.until("message ''")
    intents.message_content = True
    peer.gateway.privileged = intents.value
    async with running(Bot(intents), peer) as bot:
        await peer.say("What does Tokyo want?")
        await bot.until("message 'What does Tokyo want?'")
