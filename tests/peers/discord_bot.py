"""A small bot on the real discord.py that uses every kind of answer, for the tests of the Discord peer."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.peers.discord_peer import DiscordPeer

NOBODY = discord.AllowedMentions.none()


class AskForm(discord.ui.Modal, title="Ask the report"):
    question: discord.ui.Label[Any] = discord.ui.Label(
        text="Question", component=discord.ui.TextInput(custom_id="question", max_length=200)
    )
    when: discord.ui.Label[Any] = discord.ui.Label(
        text="When",
        component=discord.ui.Select(
            custom_id="when", options=[discord.SelectOption(label="Now"), discord.SelectOption(label="Later")]
        ),
    )
    file: discord.ui.Label[Any] = discord.ui.Label(
        text="File", component=discord.ui.FileUpload(custom_id="file", required=False)
    )

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        question, when, file = self.question.component, self.when.component, self.file.component
        assert isinstance(question, discord.ui.TextInput)
        assert isinstance(when, discord.ui.Select)
        assert isinstance(file, discord.ui.FileUpload)
        sent = [await attachment.read() for attachment in file.values]
        await interaction.response.send_message(f"{question.value} {when.values} {sent}", ephemeral=True)


class Bot(discord.Client):
    """A small bot that uses every kind of answer; it keeps what it heard."""

    def __init__(self, intents: discord.Intents | None = None) -> None:
        super().__init__(intents=intents or discord.Intents(guilds=True), guild_ready_timeout=0.02)
        self.heard: list[str] = []
        self.happened = asyncio.Event()
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(brief_group(self))
        self.tree.add_command(show_form)

    def note(self, what: str) -> None:
        self.heard.append(what)
        self.happened.set()

    async def until(self, what: str) -> None:
        async with asyncio.timeout(5):
            while what not in self.heard:
                self.happened.clear()
                await self.happened.wait()

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Does not wait the five seconds that discord.py leaves between two sessions."""

    async def on_ready(self) -> None:
        self.note("ready")

    async def on_resumed(self) -> None:
        self.note("resumed")

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self.note(f"joined {guild.name}")

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.note(f"left {guild.name}")

    async def on_message(self, message: discord.Message) -> None:
        self.note(f"message {message.content!r}")

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            await self.pressed(interaction)

    async def pressed(self, interaction: discord.Interaction) -> None:
        data: Any = interaction.data
        match data["custom_id"]:
            case "more":
                await interaction.response.edit_message(content="The rest of it", view=None)
            case "later":
                await interaction.response.defer()
                await interaction.edit_original_response(content="Changed later")
            case "form":
                await interaction.response.send_modal(AskForm())
            case _:
                await interaction.response.send_message(f"Chosen: {data['values']}", ephemeral=True)


def buttons() -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for name in ("more", "later", "form"):
        view.add_item(discord.ui.Button(label=name.title(), custom_id=name))
    view.add_item(discord.ui.Button(label="Source", url="https://example.org/report"))
    view.add_item(discord.ui.Button(label="Old", custom_id="old", disabled=True))
    zones = [discord.SelectOption(label=zone) for zone in ("Tokyo", "London")]
    view.add_item(discord.ui.Select(custom_id="zone", options=zones))
    view.add_item(discord.ui.UserSelect(custom_id="who"))
    return view


def brief_group(bot: Bot) -> app_commands.Group:
    group = app_commands.Group(name="brief", description="The brief")

    @group.command(name="show", description="Shows a section")
    async def show(
        interaction: discord.Interaction, section: str, page: app_commands.Range[int, 1, 9] = 1
    ) -> None:
        where = "a DM" if interaction.guild is None else interaction.guild.name
        text = f"{section} page {page} for {interaction.user.name} in {where}, {interaction.locale.value}"
        await interaction.response.send_message(text, ephemeral=True, view=buttons())

    @show.autocomplete("section")
    async def sections(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        names = [name for name in ("china", "japan") if name.startswith(typed)]
        return [app_commands.Choice(name=name.title(), value=name) for name in names]

    @group.command(name="slow", description="Takes a while")
    async def slow(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.edit_original_response(content="At last", attachments=[picture()])
        await interaction.followup.send("And more", ephemeral=True)

    @group.command(name="share", description="Publishes a card")
    async def share(interaction: discord.Interaction) -> None:
        embed = discord.Embed(title="A card").set_image(url="attachment://map.png")
        await interaction.response.send_message(embed=embed, file=picture(), allowed_mentions=NOBODY)

    @group.command(name="resolve", description="Takes everything that has an id")
    async def resolve(
        interaction: discord.Interaction,
        person: discord.Member,
        role: discord.Role,
        channel: discord.TextChannel,
        file: discord.Attachment,
    ) -> None:
        text = f"{person.name} {role.name} {channel.name} {file.filename} {await file.read()!r}"
        rights = f"{interaction.permissions.manage_guild} {interaction.app_permissions.send_messages}"
        await interaction.response.send_message(f"{text} {rights}")

    return group


@app_commands.command(name="form", description="Opens a form")
@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
async def show_form(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(AskForm())


def picture() -> discord.File:
    return discord.File(io.BytesIO(b"png"), "map.png", description="A map of the region")


@asynccontextmanager
async def running(bot: Bot, peer: DiscordPeer) -> AsyncIterator[Bot]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Route, "BASE", peer.api_base)
        patch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(peer.gateway.address))
        async with bot:
            task = asyncio.create_task(bot.start(peer.token))
            await bot.until("ready")
            yield bot
            await bot.close()
            await task
