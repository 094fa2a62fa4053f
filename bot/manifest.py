"""Slack's manifest of the current commands, and the notice when the installed one falls behind."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from bot.front import BotFront
from bot.notices import Notices
from bot.settings import Settings
from bot.slack_adapter.listing import manifest
from commands.catalogue import FIXED
from commands.model import Code, Command, File, Prose, Reply, text
from commands.registry import Registry

FACT = "slack-commands"


def of(settings: Settings, commands: tuple[Command, ...]) -> dict[str, Any]:
    """Return the manifest of some commands under these settings."""
    socket_mode = settings.slack_app_token is not None or settings.slack_signing_secret is None
    return manifest(commands, socket_mode=socket_mode, public_url=settings.public_url)


async def current_manifest(settings: Settings, now: datetime) -> dict[str, Any]:
    """Return the manifest of the briefs as they stand in the folder."""
    from bot.rehearsal import snapshot  # noqa: PLC0415  # the running bot has no use for it

    async with snapshot(settings, now) as (_database, library):
        return of(settings, Registry(FIXED).commands(library.current, now))


def names(commands: Iterable[Command]) -> list[str]:
    """Return the names that Slack must know: the roots and the topics."""
    return sorted({command.path.split(" ")[0] for command in commands})


class ManifestWatch:
    """Notices that the commands differ from those that the admins were last told of."""

    def __init__(
        self, settings: Settings, front: BotFront, notices: Notices, clock: Callable[[], datetime]
    ) -> None:
        self._settings, self._front, self._notices, self._clock = settings, front, notices, clock

    async def look(self) -> None:
        """Compare, and tell the admins once of each change, with the new manifest.

        Slack has no call that shows an app's installed commands to its bot token, so the first start takes
        the commands of that day as installed (the README has the manifest printed just before).
        """
        wanted = names(self._front.commands())
        known = await self._front.fact(FACT)
        if known is None:
            await self._front.remember(FACT, json.dumps(wanted))
        elif json.loads(known) != wanted:
            self._notices.tell(f"manifest {' '.join(wanted)}", self._notice(json.loads(known), wanted))
            await self._front.remember(FACT, json.dumps(wanted))

    def _notice(self, known: list[str], wanted: list[str]) -> Reply:
        new = ", ".join(f"/{name}" for name in wanted if name not in known) or "none"
        gone = ", ".join(f"/{name}" for name in known if name not in wanted) or "none"
        said = f"Slack does not know the brief's present commands: new {new}; gone {gone}."
        content = json.dumps(of(self._settings, self._front.commands()), indent=2).encode()
        return Reply(
            "The Slack manifest is behind",
            (
                Prose(text(said, " The new topics answer as ", Code("/brief topic NAME"), " already.")),
                Prose(text("To have them as commands, paste the attached manifest into the app's settings"
                           " (App Manifest), or print it with ", Code("briefbot slack-manifest"), ".")),
            ),
            files=(File("slack-manifest.json", content, "Slack app manifest"),),
            summary=said,
        )  # fmt: skip
