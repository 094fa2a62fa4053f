"""Who may use the page: the holder of the printed link, on this machine, from the page itself.

Other local users have no key, other web pages have another origin, and a name that was rebound to
127.0.0.1 arrives with a Host of its own.
"""

import hashlib
import hmac
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web
from multidict import CIMultiDictProxy

from briefs.marking import N_

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not carried out: one sentence that says what to do.

    `again` says that the browser may hold the cookie back because another site led here; a reload from
    our own page sends it (SameSite=Strict, RFC 6265bis part 5.6.7.1).
    """

    sentence: str
    again: bool = False
    status: HTTPStatus = HTTPStatus.FORBIDDEN


class Guard:
    """The checks on each request. `port` is the one that the page listens on, 0 until it does."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._session = hmac.new(self._secret, b"briefbot page session", hashlib.sha256).hexdigest()
        self.port = 0

    @property
    def cookie(self) -> str:
        """The cookie's name. Browsers share cookies between the ports of a host, so it holds the port."""
        return f"briefbot-{self.port}"

    @property
    def session(self) -> str:
        """The cookie's value, made from the secret and of no use in the link."""
        return self._session

    def opens(self, key: str) -> bool:
        """Say whether this is the key of the printed link."""
        return hmac.compare_digest(key.encode(), self._secret)

    def refusal(self, request: web.BaseRequest) -> Refusal | None:
        """Return why a request is refused, or None for one to carry out."""
        return (
            self._foreign_host(request.headers)
            or self._foreign_page(request)
            or (None if _has_a_key_of_its_own(request.path) else self._stranger(request))
        )

    def _foreign_host(self, headers: CIMultiDictProxy[str]) -> Refusal | None:
        host = headers.get("Host", "").lower()
        if host in self._hosts():
            return None
        return Refusal(
            N_(
                "This page answers as 127.0.0.1, localhost or [::1] on port {port} and not as “{host}”: open the link"
                " printed at start (briefbot run prints it).",
                port=self.port,
                host=host,
            )
        )

    def _hosts(self) -> frozenset[str]:
        named = {f"{name}:{self.port}" for name in LOOPBACK}
        return frozenset(named | set(LOOPBACK) if self.port == 80 else named)

    def _foreign_page(self, request: web.BaseRequest) -> Refusal | None:
        """Refuse what another page started; opening the page itself may start anywhere.

        Browsers send Origin with every POST, and Sec-Fetch-Site with every request to a loopback address;
        a client that sends neither is no browser and carries no cookie that another page could use.
        """
        if request.method in {"GET", "HEAD"} and not request.path.startswith("/api/"):
            return None
        host = request.headers["Host"].lower()
        origin = request.headers.get("Origin", f"http://{host}")
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        if origin.lower() == f"http://{host}" and site == "same-origin":
            return None
        return Refusal(
            N_(
                "This request was started by another page, so nothing was done. To use Briefbot, open the link printed"
                " at start (briefbot run prints it)."
            )
        )

    def _stranger(self, request: web.BaseRequest) -> Refusal | None:
        key = request.query.get("key")
        if key is not None and request.path == "/" and request.method == "GET":
            if self.opens(key):
                return None
            return Refusal(
                N_(
                    "This key is not the running bot's, perhaps because it was started anew: open the link printed at"
                    " start (briefbot run prints it)."
                )
            )
        if hmac.compare_digest(request.cookies.get(self.cookie, "").encode(), self._session.encode()):
            return None
        led_here = request.headers.get("Sec-Fetch-Site", "none") in {"cross-site", "same-site"}
        return Refusal(
            N_(
                "This page is for whoever started the bot: open the link printed at start (briefbot run prints it)."
            ),
            again=led_here and request.path == "/",
        )


def _has_a_key_of_its_own(path: str) -> bool:
    """Calendar programs bear no cookie: the feed's address is its key. Whether we are well is no secret."""
    return path == "/healthz" or path.startswith("/calendar/")
