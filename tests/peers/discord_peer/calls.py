"""One REST request, parsed: what every handler gets."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import BodyPartReader, web

from .errors import ApiError, Json
from .state import Upload

Answer = tuple[int, Any]
Handler = Callable[["Call"], Awaitable[Answer]]
ROOTS = "users|oauth2|applications|gateway|channels|guilds|interactions|webhooks|auth"
_PREFIX = re.compile(rf"^(?P<prefix>.*?)(?P<path>/(?:{ROOTS})(?:/.*)?)$")


@dataclass
class Call:
    """`path` is without the API's prefix, `params` are the template's, `files` by their index."""

    method: str
    path: str
    template: str
    params: dict[str, str]
    query: dict[str, str]
    body: Any
    files: dict[str, Upload]

    def json(self) -> Json:
        """The body as an object; an empty one where none was sent."""
        return self.body if isinstance(self.body, dict) else {}

    def number(self, key: str, default: int) -> int:
        """A query parameter as a number."""
        value = self.query.get(key)
        return default if value is None else int(value)


def split_prefix(path: str) -> tuple[str, str]:
    """The API's base and the path under it; ("", path) for a path that no API root begins."""
    found = _PREFIX.match(path)
    return (found["prefix"], found["path"]) if found else ("", path)


def refuse_version(prefix: str) -> None:
    """Only v9 and v10 are spoken; a prefix without a version is taken as it is."""
    version = re.search(r"/v(\d+)$", prefix)
    if version and version[1] not in ("9", "10"):
        raise ApiError(50041)


async def read_body(request: web.Request) -> tuple[Any, dict[str, Upload]]:
    """The JSON and the files of a request, plain or multipart (docs: reference, Uploading Files)."""
    if request.content_type == "multipart/form-data":
        return await _read_multipart(request)
    data = await request.read()
    if not data:
        return None, {}
    if request.content_type != "application/json":
        raise ApiError(50109)
    return _parse(data), {}


async def _read_multipart(request: web.Request) -> tuple[Any, dict[str, Upload]]:
    body: Any = None
    files: dict[str, Upload] = {}
    async for section in await request.multipart():
        if not isinstance(section, BodyPartReader):
            raise ApiError(50109)
        data = bytes(await section.read())
        if section.name == "payload_json":
            body = _parse(data)
        elif index := re.fullmatch(r"files\[(\d+)\]", section.name or ""):
            files[index[1]] = Upload(section.filename or "file", data)
    return body, files


def _parse(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except ValueError:
        raise ApiError(50109) from None


def compile_template(template: str) -> re.Pattern[str]:
    """`/channels/{channel_id}` as a pattern with named groups."""
    return re.compile("^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template) + "$")
