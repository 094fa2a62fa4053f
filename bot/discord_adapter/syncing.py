"""Discord's list of this bot's commands, told anew when it changed and only then."""

import asyncio
import logging
from collections.abc import Callable

import aiohttp
import discord
from discord.http import Route

from bot.adapter import Front
from bot.discord_adapter.connection import ABSENT
from bot.discord_adapter.listing import digest, listing
from bot.discord_adapter.rest import Rest

# Several changes within this many seconds are told at once.
SETTLE = 0.2
TRY_AGAIN = 60.0

log = logging.getLogger(__name__)


class Syncing:
    """Compares, and tells. `wanted` after every connect and every change."""

    def __init__(self, front: Front, rest: Callable[[], tuple[Rest, str] | None]) -> None:
        self._front = front
        self._rest = rest
        self._wanted = asyncio.Event()

    def wanted(self) -> None:
        """Ask for a comparison."""
        self._wanted.set()

    async def run(self) -> None:
        """Compare and tell until cancelled; what fails for the moment is tried again a minute later."""
        while True:
            await self._wanted.wait()
            await asyncio.sleep(SETTLE)
            self._wanted.clear()
            try:
                await self._tell()
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                log.warning("the commands could not be told to Discord; next try in a minute: %r", error)
                asyncio.get_running_loop().call_later(TRY_AGAIN, self._wanted.set)
            except Exception:
                log.exception("the commands could not be told to Discord; next try with the next change")

    async def _tell(self) -> None:
        """Overwrite the whole list, if its hash changed since it was told last."""
        connected = self._rest()
        if connected is None:
            return
        rest, application = connected
        # The first listing may read the catalogues.
        listed = await asyncio.to_thread(listing, self._front.commands())
        fact, now = f"discord-commands:{application}", digest(listed)
        if await self._front.fact(fact) == now:
            return
        try:
            await rest.request(
                Route("PUT", "/applications/{application_id}/commands", application_id=application),
                listed,
                urgent=True,
            )
        except discord.HTTPException as error:
            if error.status in ABSENT:
                log.warning("this server keeps no list of commands (it answered %d); going on", error.status)
            elif error.status == 400:
                log.error("Discord refused the list of commands; it keeps the one before: %s", error.text)
            else:
                raise
            return
        await self._front.remember(fact, now)
        log.info("told Discord the %d commands", len(listed))
