"""The Slack adapter: connects, and connects again for as long as the process lives."""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web
from slack_bolt.authorization import AuthorizeResult

from bot.adapter import Front, Status
from bot.pacing import Pacer, Turn
from bot.slack_adapter import bolt, listing, outgoing
from bot.slack_adapter.answering import Answering
from bot.slack_adapter.events import Events
from bot.slack_adapter.hello import Hello
from bot.slack_adapter.home import Home
from bot.slack_adapter.limits import Limits
from bot.slack_adapter.paced import PacedClient
from bot.slack_adapter.people import People
from bot.slack_adapter.receiving import Receiving
from bot.slack_adapter.refusals import FAILURES, TOKEN_ERRORS, after, code, sentence
from bot.slack_adapter.sending import Sending
from bot.slack_adapter.socket import Envelope, LinkDisabledError, Socket
from bot.slack_adapter.tasks import Tasks
from bot.slack_adapter.uploads import Uploads
from briefs.marking import N_, Sentence, reason
from commands.model import Reply
from scheduler.address import Destination
from scheduler.outcomes import Outcome

SLACK = "https://slack.com/api/"
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0
# In HTTP mode Slack comes to us: that it can be reached is asked so often.
CHECK_SECONDS = 60.0
DRAIN_SECONDS = 8.0
REQUEST_SECONDS, CONNECT_SECONDS = 30.0, 10.0
RATE_LIMIT_RETRIES = 3
MANIFEST_FACT = "slack-manifest"

_APP_REFUSED = N_(
    "Slack refuses the app-level token ({error}): put one with the scope connections:write, from the app's page,"
    " Basic Information, into SLACK_APP_TOKEN and start again"
)
_LINK_DISABLED = N_("Socket Mode is off: switch it on at the app's page, Socket Mode, and start again")

log = logging.getLogger(__name__)


class RefusedError(Exception):
    """Slack will not let this bot in, however often it asks. The text says what to do."""


class SlackAdapter:
    """Slack, as `bot.adapter.Adapter` describes it.

    With `app_token` it connects in Socket Mode; with `signing_secret` it takes what is posted to
    `slack_events`. `api_base` replaces the API's base address (`https://slack.com/api/`). Without `leads` it
    sends and takes what is posted, and opens no socket until `lead` is called.
    """

    platform = "slack"

    def __init__(
        self, front: Front, bot_token: str, app_token: str | None, signing_secret: str | None,
        api_base: str | None, clock: Callable[[], datetime], *, leads: bool = True,
    ) -> None:  # fmt: skip
        self._front = front
        self._token, self._app_token = bot_token.strip(), (app_token or "").strip()
        self._secret = (signing_secret or "").strip()
        self._base = f"{(api_base or SLACK).rstrip('/')}/"
        self._clock = clock
        self._me = AuthorizeResult(enterprise_id=None, team_id=None)
        self._pause = FIRST_PAUSE
        self._status = Status(False, N_("connecting to Slack"), clock())
        self._told_behind = ""
        self._pacer, self._limits = Pacer(), Limits()
        self._tasks = Tasks()
        self._stack = AsyncExitStack()
        self._leads = asyncio.Event()
        if leads:
            self._leads.set()

    async def __aenter__(self) -> Self:
        """Start connecting."""
        timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS, connect=CONNECT_SECONDS)
        self._session = await self._stack.enter_async_context(aiohttp.ClientSession(timeout=timeout))
        self._once, self._web = self._client(0), self._client(RATE_LIMIT_RETRIES)
        bulk, again = self._client(0, urgent=False), self._client(RATE_LIMIT_RETRIES, urgent=False)
        uploads = Uploads(self._web, self._session, self._token)
        people = People(self._web, self._clock)
        self._sending = Sending(bulk, again, Uploads(again, self._session, self._token))
        answering = Answering(
            self._web, self._once, self._session, uploads, partial(people.speaking, self._front)
        )
        self._home = home = Home(self._front, self._web, people, self._clock)
        receiving = Receiving(
            self._front, people, answering, uploads, self._web, self._tasks, self._clock, home.touch
        )
        hello = Hello(self._front, self._sending.send, self._clock)
        events = Events(hello, home, self._tasks, self._user, self._removed)
        self._app = bolt.app(receiving, events, self._base, self._secret, lambda: self._me)
        self._socket = Socket(self._once, self._app_token, self._session, self._through_socket)
        self._stack.push_async_callback(self._tasks.finish, DRAIN_SECONDS)
        self._stack.push_async_callback(self._socket.close)
        self._begin_connecting()
        self._stack.push_async_callback(self._stop_connecting)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop receiving, finish answering, close."""
        await self._stack.aclose()
        self._says(False, N_("stopped"))

    async def slack_events(self, request: web.Request) -> web.StreamResponse:
        """Take a request of HTTP mode; `bot.public` mounts this at `/slack/events`."""
        if not self._secret:
            return web.json_response({"error": "SLACK_SIGNING_SECRET is not set"}, status=404)
        return await bolt.through_http(self._app, request)

    def turn(self, destination: Destination) -> AbstractAsyncContextManager[Turn]:
        """Wait until one more message there fits Slack's limits."""
        return self._sending.turn(destination)

    def fits(self, reply: Reply) -> bool:
        """Whether one message holds a reply."""
        return outgoing.fits(reply)

    async def send(
        self, destination: Destination, reply: Reply, key: str, turn: Turn | None = None
    ) -> Outcome:
        """Send one message."""
        return await self._sending.send(destination, reply, key, turn)

    async def find(self, destination: Destination, key: str, since: datetime) -> Outcome:
        """Look for the message with this key."""
        return await self._sending.find(destination, key, since)

    async def edit(self, destination: Destination, message: str, reply: Reply) -> Outcome:
        """Replace the content of a message."""
        return await self._sending.edit(destination, message, reply)

    async def lead(self) -> None:
        """Open the socket, in Socket Mode."""
        self._leads.set()

    async def stand_by(self) -> None:
        """Close the socket; what is posted in HTTP mode is taken all the same."""
        if self._leads.is_set():
            self._leads.clear()
            await self._stop_connecting()
            self._begin_connecting()

    async def refresh(self) -> None:
        """Write the Home tabs anew, and notice that the manifest is behind: only an admin can change that."""
        self._tasks.start(self._home.renew(), "the Home tabs")
        found = await self.behind()
        if found is not None and self._told_behind != str(found):
            self._told_behind = str(found)
            log.warning(
                "Slack's manifest is behind (missing %s; gone %s): print the new one with `briefbot slack-manifest`"
                " and put it in at the app's page, App Manifest; until then they answer as /brief topic NAME",
                ", ".join(found.missing) or "nothing",
                ", ".join(found.gone) or "nothing",
            )

    async def behind(self) -> listing.Behind | None:
        """Compare the manifest that was printed last, remembered as MANIFEST_FACT, with the commands now."""
        return listing.behind(await self._front.fact(MANIFEST_FACT), self._front.commands())

    def sends(self) -> bool:
        """Whether the bot's other processes know of this one's share; the Web API needs no connection."""
        return not self._limits.bulk_waits(_now())

    def share(self, processes: int, *, fresh: bool = False) -> None:
        """Keep to a part of what the workspace allows in a minute; a channel is one process's at a time."""
        self._limits.share(processes, _now(), fresh)

    def status(self) -> Status:
        """How the connection is."""
        return self._status

    def _client(self, again: int, urgent: bool = True) -> PacedClient:
        return PacedClient(
            self._pacer, self._limits, urgent=urgent, again=again, token=self._token, base_url=self._base,
            session=self._session, logger=bolt.log,
        )  # fmt: skip

    async def _keep_connected(self) -> None:
        """Connect until Slack refuses for good, ever more slowly while it is out of reach."""
        while True:
            try:
                await self._connect_once()
                continue
            except RefusedError as refusal:
                log.error("Slack stays off: %s", refusal)
                self._says(False, N_("off: {refusal}", refusal=reason(refusal)))
                return
            except FAILURES as problem:
                words, wait = _words(problem), after(problem)
            except Exception:
                log.exception("the connection to Slack failed in an unexpected way")
                words, wait = N_("the connection to Slack failed; the log says how"), None
            await self._wait_a_while(words, wait.total_seconds() if wait else 0.0)

    async def _wait_a_while(self, words: str, least: float) -> None:
        pause = max(least, self._pause * random.uniform(0.5, 1))  # noqa: S311  # spreads restarts, keeps no secret
        log.warning("%s; trying again in %.1f s", words, pause)
        self._says(False, N_("{words}; trying again", words=words))
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        await asyncio.sleep(pause)

    async def _connect_once(self) -> None:
        """Find out who we are, then hold a socket, or wait for what Slack posts."""
        if not (self._app_token and self._user()):
            await self._identify()
        if self._app_token and not self._leads.is_set():
            self._stands_by()
            await self._leads.wait()
            self._says(False, N_("connecting to Slack"))
        if self._app_token:
            await self._hold_socket()
        else:
            self._connected()
            await asyncio.sleep(CHECK_SECONDS)

    async def _identify(self) -> None:
        try:
            said = await self._once.auth_test()
        except FAILURES as problem:
            if code(problem) in TOKEN_ERRORS:
                raise RefusedError(sentence(problem)) from problem
            raise
        self._me = AuthorizeResult(
            enterprise_id=said.get("enterprise_id"), team_id=said["team_id"], team=said.get("team"),
            bot_user_id=said["user_id"], bot_id=said.get("bot_id"), bot_token=self._token,
        )  # fmt: skip

    async def _hold_socket(self) -> None:
        try:
            await self._socket.hold(self._connected)
        except LinkDisabledError as disabled:
            raise RefusedError(_LINK_DISABLED) from disabled
        except FAILURES as problem:
            if code(problem) in TOKEN_ERRORS | {"missing_scope"}:
                raise RefusedError(Sentence(_APP_REFUSED.sentence, error=code(problem))) from problem
            raise

    async def _through_socket(self, envelope: Envelope) -> str | None:
        return await bolt.through_socket(self._app, envelope)

    def _user(self) -> str:
        return self._me.bot_user_id or ""

    def _stands_by(self) -> None:
        self._pause = FIRST_PAUSE
        team = self._me.team or self._me.team_id
        log.info("Slack stands by: this process sends, and another one hears people")
        self._says(True, N_("stands by for {team}: it sends, and another process hears people", team=team))

    def _begin_connecting(self) -> None:
        self._keeping = asyncio.create_task(self._keep_connected(), name="Slack's connection")

    def _connected(self) -> None:
        self._pause = FIRST_PAUSE
        mode = "Socket Mode" if self._app_token else "HTTP"
        self._says(
            True, N_("connected to {team} ({mode})", team=self._me.team or self._me.team_id, mode=mode)
        )

    def _removed(self, words: str) -> None:
        self._keeping.cancel()
        self._says(False, N_("off: {words}", words=words))

    async def _stop_connecting(self) -> None:
        self._keeping.cancel()
        await asyncio.gather(self._keeping, return_exceptions=True)

    def _says(self, connected: bool, words: str) -> None:
        if (connected, words) != (self._status.connected, self._status.words):
            self._status = Status(connected, words, self._clock())


def _now() -> float:
    return asyncio.get_running_loop().time()


def _words(problem: Exception) -> str:
    if code(problem):
        return N_("Slack answered {code}", code=code(problem))
    return N_("Slack is out of reach ({problem})", problem=str(problem) or type(problem).__name__)
