"""What every request for data has in common: its body in JSON, its languages, the word that it came twice."""

from aiohttp import web

from bot.web.incoming import BadRequest


class Repeated(Exception):  # noqa: N818  # it reads as what happened
    """A request that was carried out before the last start, whose answer is gone."""


async def body(request: web.Request) -> bytes:
    """Return the body of a request in JSON: a type that no other page can send without being asked first."""
    if request.content_type != "application/json":
        raise BadRequest(f"Content-Type: {request.content_type} is not taken. Send application/json.")
    return await request.read()


def accepted(request: web.Request) -> str:
    """Return the languages that the browser asks for."""
    return request.headers.get("Accept-Language", "")
