"""A client that sends the Discord peer anything, as a correct one never would."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import aiohttp

from tests.peers.discord_peer import DiscordPeer

NOW = 1_800_000_000.0


class Wire:
    """A client that sends anything, as a correct one never would."""

    def __init__(self, peer: DiscordPeer, http: aiohttp.ClientSession) -> None:
        self.peer = peer
        self.http = http
        self.now = NOW
        peer.state.clock = lambda: self.now
        self.headers = {
            "Authorization": f"Bot {peer.token}",
            "User-Agent": "DiscordBot (https://example.org, 1.0)",
        }
        self.application = f"/applications/{peer.state.application_id}"

    async def send(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        headers = self.headers | more.pop("headers", {})
        async with self.http.request(
            method, self.peer.api_base + path, json=body, headers=headers, **more
        ) as answer:
            return answer.status, await answer.json() if answer.status != 204 else None

    async def post(self, body: Any, channel: str | None = None) -> tuple[int, Any]:
        return await self.send("POST", f"/channels/{channel or self.peer.channel().id}/messages", body)

    async def upload(self, body: Any, files: dict[str, bytes]) -> tuple[int, Any]:
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("payload_json", json.dumps(body), content_type="application/json")
        for index, (name, data) in enumerate(files.items()):
            form.add_field(f"files[{index}]", io.BytesIO(data), filename=name)
        path = f"/channels/{self.peer.channel().id}/messages"
        async with self.http.post(self.peer.api_base + path, data=form, headers=self.headers) as answer:
            return answer.status, await answer.json()

    async def respond(self, exchange: Any, kind: int, data: Any = None, **more: Any) -> tuple[int, Any]:
        body = {"type": kind} | ({} if data is None else {"data": data})
        path = f"/interactions/{exchange.id}/{exchange.token}/callback"
        return await self.send("POST", path, body, **more)

    def hook(self, exchange: Any) -> str:
        return f"/webhooks/{self.peer.state.application_id}/{exchange.token}"


def faults(body: Any) -> set[str]:
    """The dotted paths at which an Invalid Form Body names errors."""

    def walk(tree: Any, path: tuple[str, ...]) -> Iterator[str]:
        for key, value in tree.items():
            if key == "_errors":
                yield ".".join(path)
            else:
                yield from walk(value, (*path, key))

    assert body["code"] == 50035, body
    assert body["message"] == "Invalid Form Body"
    return set(walk(body["errors"], ()))
