"""Duties: what one process does for all that share a database, and a process of its own for itself."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from bot.adapter import Adapter
from bot.embargoes import Embargoes
from bot.folder import BriefsFolder
from bot.manifest import ManifestWatch
from bot.publishing import Publishing
from bot.stopped import Stopped
from bot.upkeep import Upkeep
from scheduler.runner import Living, Runner, nobody


@dataclass(frozen=True)
class Duties:
    """The gateway and socket connections, the plan, the briefs folder, and what admins and keepers are told."""

    adapters: Mapping[str, Adapter]
    folder: BriefsFolder
    manifest: ManifestWatch
    runner: Runner
    stopped: Stopped
    publishing: Publishing
    upkeep: Upkeep
    embargoes: Embargoes

    @contextlib.asynccontextmanager
    async def held(self, living: Living = nobody) -> AsyncIterator[None]:
        """Do them; on leaving hand them back. `living` says which processes share the database."""
        async with contextlib.AsyncExitStack() as ladder:
            ladder.callback(self.runner.stand_by)
            await self.runner.lead(living)
            await self.tell_again()
            for work, name in ((self.upkeep.watch(), "upkeep"), (self.embargoes.watch(), "embargoes")):
                ladder.push_async_callback(cancelled, asyncio.create_task(work, name=name))
            stop = asyncio.Event()
            watching = asyncio.create_task(self.folder.watch(stop), name="briefs folder")
            ladder.push_async_callback(_stop_watching, watching, stop)
            yield

    async def tell_again(self) -> None:
        """Tell what waits for somebody; who was told already hears nothing."""
        if "slack" in self.adapters:
            await self.manifest.look()
        await self.stopped.tell_again()
        await self.publishing.ask_again()

    @contextlib.asynccontextmanager
    async def taken_over(self, living: Living) -> AsyncIterator[None]:
        """Do them in place of another process: connect first, since people wait, and read the folder anew."""
        async with contextlib.AsyncExitStack() as ladder:
            for adapter in self.adapters.values():
                ladder.push_async_callback(adapter.stand_by)
                await adapter.lead()
            await self.folder.begin_anew()
            await ladder.enter_async_context(self.held(living))
            yield


async def cancelled(task: asyncio.Task[None]) -> None:
    """Cancel a task and wait for its end."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _stop_watching(watching: asyncio.Task[None], stop: asyncio.Event) -> None:
    stop.set()
    await asyncio.gather(watching, return_exceptions=True)
