"""Slack's manifest of the current commands, and the notice when the installed one falls behind."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.front import BotFront
from bot.notices import Notices
from bot.settings import Settings
from bot.slack_adapter.listing import Behind, behind, manifest, remembered
from commands.catalogue import FIXED
from commands.model import Code, Command, File, Prose, Reply
from commands.registry import Registry
from commands.wording import filled, speaking

FACT = "slack-manifest"


def of(settings: Settings, commands: tuple[Command, ...]) -> dict[str, Any]:
    """Return the manifest of some commands under these settings."""
    socket_mode = settings.slack_app_token is not None or settings.slack_signing_secret is None
    return manifest(commands, socket_mode=socket_mode, public_url=settings.public_url)


async def current_manifest(settings: Settings, now: datetime) -> dict[str, Any]:
    """Return the manifest of the briefs as they stand in the folder."""
    from bot.rehearsal import snapshot  # the running bot has no use for it

    async with snapshot(settings, now) as (_database, library):
        return of(settings, Registry(FIXED).commands(library.current, now))


class ManifestWatch:
    """Notices that the commands differ from those of the manifest that the admins were handed last."""

    def __init__(
        self, settings: Settings, front: BotFront, notices: Notices, clock: Callable[[], datetime]
    ) -> None:
        self._settings, self._front, self._notices, self._clock = settings, front, notices, clock

    async def look(self) -> None:
        """Compare, and hand the admins the new manifest, once for each change.

        Slack has no call that tells a bot its installed commands, so the first start takes the commands of
        that day as installed (the README has the manifest printed just before).
        """
        commands = self._front.commands()
        known = await self._front.fact(FACT)
        found = behind(known, commands)
        if found is not None:
            name = f"manifest {known} to {remembered(commands)}"
            self._notices.tell(
                name,
                lambda language: self._notice(found, language),
                lambda: self._front.remember(FACT, remembered(commands)),
            )
        elif known is None:
            await self._front.remember(FACT, remembered(commands))

    def _notice(self, found: Behind, language: str) -> Reply:
        _ = speaking(language)
        said = _("Slack does not know the present commands: new {new}; gone {gone}.").format(
            new=", ".join(found.missing) or _("none"), gone=", ".join(found.gone) or _("none")
        )
        meanwhile = _("{said} The new topics answer as {command} already.")
        cure = _(
            "To have them as commands, paste the attached manifest into the app's settings (App Manifest), or print"
            " it with {command}."
        )
        content = json.dumps(of(self._settings, self._front.commands()), indent=2).encode()
        return Reply(
            _("The Slack manifest is behind"),
            (
                Prose(filled(meanwhile, said=said, command=Code("/brief topic NAME"))),
                Prose(filled(cure, command=Code("briefbot slack-manifest"))),
            ),
            files=(File("slack-manifest.json", content, _("Slack app manifest")),),
            summary=said,
        )
