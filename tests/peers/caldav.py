"""A real CalDAV server, Radicale, on loopback: the calendar program into which our calendars are imported."""

import re
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import aiohttp
from radicale import config
from radicale.app import Application

# RFC 4791, 7.8: the events that touch a span of time.
_QUERY = """<?xml version="1.0"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
  <D:prop><D:getetag/><C:calendar-data/></D:prop>
  <C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">
    <C:time-range start="{first:%Y%m%d}T000000Z" end="{last:%Y%m%d}T000000Z"/>
  </C:comp-filter></C:comp-filter></C:filter>
</C:calendar-query>"""


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Write no line a request."""


@dataclass
class CalDav:
    """One calendar on the server, as a client of it sees it."""

    address: str
    session: aiohttp.ClientSession

    async def import_file(self, content: bytes) -> int:
        """Import a file as the whole of the calendar, as a subscription does; return the HTTP status."""
        return (await self._ask("PUT", content, "text/calendar"))[0]

    async def on(self, day: date) -> dict[str, str]:
        """The events of a day as the server stores them, by their place on it."""
        query = _QUERY.format(first=day, last=day + timedelta(days=1))
        status, body = await self._ask("REPORT", query.encode(), "application/xml")
        assert status == 207, body
        found = re.findall(r"<href>([^<]+)</href>.*?(BEGIN:VCALENDAR.*?END:VCALENDAR)", body, re.DOTALL)
        return dict(found)

    async def _ask(self, method: str, body: bytes, kind: str) -> tuple[int, str]:
        who = b64encode(b"reader:reader").decode()
        headers = {"Content-Type": kind, "Depth": "1", "Authorization": f"Basic {who}"}
        async with self.session.request(method, self.address, data=body, headers=headers) as answer:
            return answer.status, await answer.text()


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve from a folder; give the address of a calendar that is not there yet."""
    settings = config.load()
    given = {
        "storage": {"filesystem_folder": str(folder), "_filesystem_fsync": "False"}, "auth": {"type": "none"},
        "rights": {"type": "authenticated"}, "logging": {"level": "error"},
    }  # fmt: skip
    settings.update(given, "test", privileged=True)
    server = make_server("127.0.0.1", 0, Application(settings), handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/reader/dates/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
