"""Who may use the page, over real HTTP."""

import pytest
from aiohttp import ClientSession, CookieJar
from yarl import URL

from bot.web.guard import Guard
from tests.bot.page_house import SECRET, OpenedPage, opened

FOR_THE_STARTER = (
    "This page is for whoever started the bot: open the link printed at start (briefbot run prints it)."
)
ANOTHER_PAGE = (
    "This request was started by another page, so nothing was done. "
    "To use Briefbot, open the link printed at start (briefbot run prints it)."
)
CALL = {"line": "/dprk-demands", "request": "request-1"}


async def refused(page: OpenedPage, path: str, **headers: str) -> tuple[int, str]:
    async with page.reader.get(page.at(path), headers=headers) as response:
        body: str = (await response.json())["sentence"] if path.startswith("/api/") else await response.text()
        return response.status, body


async def test_the_printed_link_sets_a_cookie_and_leaves_the_address_bar() -> None:
    async with opened() as page, ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
        async with browser.get(page.adapter.link, allow_redirects=False) as response:
            assert response.status == 303
            assert response.headers["Location"] == "/"
            cookie = response.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert SECRET not in cookie
        async with browser.get(page.adapter.link) as response:
            assert response.url == URL(page.adapter.address)
            assert "Ask the report" in await response.text()


async def test_a_stranger_is_told_to_open_the_printed_link() -> None:
    async with opened() as page:
        async with page.stranger.get(page.adapter.address) as response:
            assert response.status == 403
            body = await response.text()
            assert FOR_THE_STARTER in body
            assert "The Korean Peninsula" not in body
        async with page.stranger.get(page.at("/api/overview")) as response:
            assert response.status == 403
            assert await response.json() == {"sentence": FOR_THE_STARTER}


@pytest.mark.parametrize(
    "path", ["/api/commands", "/api/complete", "/api/events", "/static/page.js", "/nowhere"]
)
async def test_nothing_is_served_to_a_stranger(path: str) -> None:
    async with opened() as page, page.stranger.get(page.at(path)) as response:
        assert response.status == 403


async def test_the_wrong_key_is_refused_with_what_to_do() -> None:
    async with opened() as page, page.stranger.get(page.at("/?key=guessed")) as response:
        assert response.status == 403
        assert (
            "This key is not the running bot&#39;s, perhaps because it was started anew: "
            "open the link printed at start (briefbot run prints it)."
        ) in await response.text()
        assert "Set-Cookie" not in response.headers


async def test_a_cookie_with_the_secret_itself_opens_nothing() -> None:
    async with opened() as page:
        cookie = {f"briefbot-{page.adapter.port}": SECRET}
        async with page.stranger.get(page.adapter.address, cookies=cookie) as response:
            assert response.status == 403


async def test_a_name_rebound_to_this_machine_is_refused() -> None:
    async with opened() as page:
        status, body = await refused(page, "/api/overview", Host="evil.example:80")
        assert status == 403
        assert body == (
            f"This page answers as 127.0.0.1, localhost or [::1] on port {page.adapter.port} and not as "
            "“evil.example:80”: open the link printed at start (briefbot run prints it)."
        )
        assert (await refused(page, "/healthz", Host="evil.example"))[0] == 403
        assert (await refused(page, "/", Host=f"127.0.0.1.evil.example:{page.adapter.port}"))[0] == 403
        assert (await refused(page, "/", Host="127.0.0.1:1"))[0] == 403


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "[::1]", "127.0.0.1"])
async def test_every_loopback_name_is_answered(name: str) -> None:
    async with (
        opened() as page,
        page.stranger.get(page.at("/healthz"), headers={"Host": f"{name}:{page.adapter.port}"}) as response,
    ):
        assert response.status == 200
        assert await response.text() == "ok"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_another_page_cannot_ask_press_or_listen(headers: dict[str, str]) -> None:
    async with opened() as page:
        for path in ("/api/call", "/api/press", "/api/submit"):
            async with page.reader.post(page.at(path), json=CALL, headers=headers) as response:
                assert response.status == 403
                assert await response.json() == {"sentence": ANOTHER_PAGE}
        assert await refused(page, "/api/events", **headers) == (403, ANOTHER_PAGE)
        assert page.front.said == []


async def test_the_page_itself_may_ask() -> None:
    async with opened() as page:
        own = {"Origin": page.adapter.address.rstrip("/"), "Sec-Fetch-Site": "same-origin"}
        async with page.reader.post(page.at("/api/call"), json=CALL, headers=own) as response:
            assert response.status == 200


async def test_a_form_of_another_site_cannot_be_posted_as_text() -> None:
    async with (
        opened() as page,
        page.reader.post(page.at("/api/call"), data="line=/dprk-demands") as response,
    ):
        assert response.status == 400
        assert await response.json() == {
            "sentence": "Content-Type: text/plain is not taken. Send application/json."
        }


async def test_a_link_from_another_site_reloads_once_so_that_the_strict_cookie_comes_along() -> None:
    async with opened() as page:
        led = {"Sec-Fetch-Site": "cross-site"}
        async with page.stranger.get(page.adapter.address, headers=led) as response:
            assert '<meta http-equiv="refresh" content="0;url=/">' in await response.text()
        async with page.stranger.get(
            page.adapter.address, headers={"Sec-Fetch-Site": "same-origin"}
        ) as response:
            assert "refresh" not in await response.text()


async def test_every_answer_forbids_foreign_content_framing_and_keeping() -> None:
    async with opened() as page:
        for path in ("/", "/api/overview", "/static/page.js", "/healthz"):
            async with page.reader.get(page.at(path)) as response:
                headers = response.headers
                assert headers["Content-Security-Policy"].startswith("default-src 'self'; base-uri 'none'; ")
                assert "unsafe" not in headers["Content-Security-Policy"]
                assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
                assert headers["Cache-Control"] == "no-store"
                assert headers["X-Content-Type-Options"] == "nosniff"
                assert headers["Referrer-Policy"] == "no-referrer"
        async with page.stranger.get(page.adapter.address) as response:
            assert "Content-Security-Policy" in response.headers


def test_two_starts_have_different_cookies() -> None:
    assert Guard("one").session != Guard("two").session
    assert Guard("one").opens("one")
    assert not Guard("one").opens("två")
