"""Files: pictures and attachments on their way to Slack, and what a form brought on its way to us.

Shape: docs.slack.dev, messaging/working-with-files.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_adapter.incoming import Attached
from bot.slack_adapter.outgoing import pictures_of
from commands.model import File, Reply, Upload, UserError

ALT = 1000
LARGEST = 10 * 1024 * 1024
_CHUNK = 64 * 1024


class Uploads:
    """Moves files. What fails raises one of `refusals.FAILURES`."""

    def __init__(self, web: AsyncWebClient, session: aiohttp.ClientSession, token: str) -> None:
        self._web, self._session, self._token = web, session, token

    async def pictures(self, reply: Reply, channel: str = "") -> dict[int, str]:
        """Upload a reply's pictures; return each one's file id by its place among the blocks.

        A file that is shared nowhere is its uploader's alone (reference/methods/files.completeUploadExternal);
        `channel` names the conversation whose members are to see it besides those of the message itself.
        """
        found: dict[int, str] = {}
        for place, picture in pictures_of(reply):
            name = picture.name if picture.name.lower().endswith(".png") else f"{picture.name}.png"
            found[place] = await self._upload(name, picture.png, picture.within(ALT))
        if found:
            where = {"channel_id": channel} if channel else {}
            await self._complete([{"id": id} for id in found.values()], **where)
        return found

    async def bring(self, files: Sequence[File]) -> list[dict[str, Any]]:
        """Upload files that are not shown to anybody yet."""
        return [
            {"id": await self._upload(f.name, f.content, f.title), "title": f.title or f.name} for f in files
        ]

    async def share(self, brought: Sequence[dict[str, Any]], channel: str, thread: str = "") -> None:
        """Show uploaded files in a channel or a thread."""
        if brought:
            where: dict[str, Any] = {"channel_id": channel} | ({"thread_ts": thread} if thread else {})
            await self._complete(brought, **where)

    async def fetch(self, file: Attached) -> Upload:
        """Download a file of a form; raises UserError where it is too large or Slack does not give it."""
        if file.size > LARGEST:
            raise _too_large(file)
        headers = {"Authorization": f"Bearer {self._token}"} if self._is_slack(file.url) else {}
        async with self._session.get(file.url, headers=headers, proxy=self._web.proxy) as answer:
            # Without files:read Slack answers with its sign-in page.
            if answer.status != 200 or answer.content_type == "text/html":
                raise UserError("{name} could not be fetched from Slack; send it once more.", name=file.name)
            content = await answer.content.read(0)
            async for chunk in answer.content.iter_chunked(_CHUNK):
                content += chunk
                if len(content) > LARGEST:
                    raise _too_large(file)
        return Upload(file.name, content)

    def _is_slack(self, url: str) -> bool:
        """Say whether an address may see the token: Slack's own, or the server that stands for it."""
        host = urlsplit(url).hostname or ""
        secure = urlsplit(url).scheme == "https"
        base = urlsplit(self._web.base_url)
        ours = (urlsplit(url).scheme, urlsplit(url).netloc) == (base.scheme, base.netloc)
        return ours or (secure and (host == "slack.com" or host.endswith(".slack.com")))

    async def _upload(self, name: str, content: bytes, alt: str) -> str:
        ticket = await self._web.files_getUploadURLExternal(
            filename=name, length=len(content), alt_txt=alt[:ALT] or None
        )
        async with self._session.post(ticket["upload_url"], data=content, proxy=self._web.proxy) as answer:
            answer.raise_for_status()
        return str(ticket["file_id"])

    async def _complete(self, files: Sequence[dict[str, Any]], **where: Any) -> None:
        await self._web.files_completeUploadExternal(files=list(files), **where)


def _too_large(file: Attached) -> UserError:
    return UserError("{name} is larger than 10 MB; send a smaller file.", name=file.name)
