"""The editor's addresses, over real HTTP, with a library in which drafts are really published."""

import asyncio
import logging
import re
from time import perf_counter
from typing import Any

import aiohttp
import pytest

from bench.reading import make
from briefs.reading import read_brief
from tests.bot.drafts_house import BRIEF, EditorHouse, editing
from tests.bot.page_house import OpenedPage, opened
from tests.office import office, shipped

DESCRIPTION = "description: What Pyongyang would ask of Washington"
POSTS = ("check", "compare", "radius", "publish")


def changed(old: str, new: str) -> bytes:
    """The shipped YAML with one of its texts replaced."""
    yaml = shipped().yaml.decode()
    assert old in yaml
    return yaml.replace(old, new, 1).encode()


RENAMED = changed(DESCRIPTION, "description: What Kim would ask for first")


async def asked(house: EditorHouse, path: str, yaml: bytes | None = None, **body: Any) -> dict[str, Any]:
    status, answer = await house.ask(path, yaml, **body)
    assert status == 200, answer
    return answer


async def test_the_editor_is_a_page_of_its_own_without_script_or_style_in_it() -> None:
    async with editing() as house, house.page.reader.get(house.page.at(f"/edit/{BRIEF}")) as response:
        assert response.status == 200
        assert response.headers["Content-Security-Policy"].startswith("default-src 'self'; ")
        page = await response.text()
    assert "<title>Edit: The Korean Peninsula, December 2024 · Briefbot</title>" in page
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=)", page)
    assert re.findall(r'(?:src|href)="(?!/|#)', page) == []


async def test_each_brief_of_the_side_column_leads_to_its_editor() -> None:
    async with editing() as house, house.page.reader.get(house.page.adapter.address) as response:
        assert (
            f'<a class="edit" href="/edit/{BRIEF}">Edit<span class="unheard"> The Korean Peninsula, December 2024'
            in await response.text()
        )


async def test_without_drafts_there_is_no_editor_and_no_way_to_it() -> None:
    async with opened() as page:
        async with page.reader.get(page.adapter.address) as response:
            assert "/edit/" not in await response.text()
        async with page.reader.get(page.at(f"/edit/{BRIEF}")) as response:
            assert response.status == 404


async def statuses(page: OpenedPage, who: aiohttp.ClientSession, **headers: str) -> list[int]:
    found = []
    for path in POSTS:
        address = page.at(f"/api/editor/{path}")
        async with who.post(address, json={"brief": BRIEF}, headers=headers) as response:
            found.append(response.status)
    async with who.get(page.at(f"/api/editor/source/{BRIEF}"), headers=headers) as response:
        found.append(response.status)
    return found


async def test_strangers_and_other_pages_read_and_change_nothing() -> None:
    async with editing() as house:
        page = house.page
        assert await statuses(page, page.stranger) == [403] * 5
        assert await statuses(page, page.reader, Origin="https://evil.example") == [403] * 5
        assert await statuses(page, page.reader, **{"Sec-Fetch-Site": "cross-site"}) == [403] * 5
        assert await statuses(page, page.reader, Host="evil.example") == [403] * 5
        async with page.stranger.get(page.at(f"/edit/{BRIEF}")) as response:
            assert response.status == 403
            assert "The Korean Peninsula" not in await response.text()


async def test_a_wrong_method_or_body_is_refused_in_words() -> None:
    async with editing() as house:
        page = house.page
        for path in POSTS:
            async with page.reader.get(page.at(f"/api/editor/{path}")) as response:
                assert response.status == 405
                assert await response.json() == {
                    "sentence": "This address does not take such a request; the page itself stands at /."
                }
            async with page.reader.post(page.at(f"/api/editor/{path}"), data="yaml=1") as response:
                assert response.status == 400
        async with page.reader.post(page.at(f"/api/editor/source/{BRIEF}")) as response:
            assert response.status == 405
        status, answer = await page.post("/api/editor/publish", brief=BRIEF, yaml="", request="request-1")
        assert (status, answer["sentence"]) == (
            400,
            "report: Field required. Send a JSON object with request, zone, locale, brief, yaml, report, base, reason.",
        )


async def test_a_brief_that_nobody_published_has_no_editor() -> None:
    async with editing() as house:
        for path in ("/edit/nowhere", "/api/editor/source/nowhere"):
            async with house.page.reader.get(house.page.at(path)) as response:
                assert response.status == 404
        status, answer = await house.ask("check", brief="nowhere")
        assert (status, answer) == (
            404,
            {"sentence": "There is nothing at this address; the page itself stands at /."},
        )


async def test_the_text_comes_as_it_was_published() -> None:
    async with editing() as house:
        found = await house.page.get(f"/api/editor/source/{BRIEF}")
        document = shipped()
        assert (found["yaml"].encode(), found["report"].encode()) == (document.yaml, document.report)
        assert found["revision"] == 1


async def test_faults_stand_at_their_line_and_column_with_what_to_write_instead() -> None:
    async with editing() as house:
        answer = await asked(house, "check", changed("published: 2024-12-06", "published: soon"))
        assert answer["faults"] == [
            {
                "file": "brief.yaml", "line": 22, "column": 12, "found": '"soon"',
                "problem": "not a date", "cure": "write it like 2026-12-18, 2026-12 or 2026-12-18T15:00",
            }
        ]  # fmt: skip
        assert "preview" not in answer


async def test_the_report_is_checked_together_with_the_yaml() -> None:
    async with editing() as house:
        report = shipped().report.decode().replace("recognition of its nuclear power status", "recognition")
        answer = await asked(house, "check", report=report)
        assert [(each["file"], each["line"]) for each in answer["faults"]] == [
            ("brief.yaml", 86), ("brief.yaml", 602), ("brief.yaml", 1675),
        ]  # fmt: skip
        assert answer["faults"][0]["found"] == '"recognition of its nuclear power status"'
        answer = await asked(house, "check", report=f"<!-- passage standstill-1 -->\n{report}")
        assert {each["file"] for each in answer["faults"]} == {"brief.yaml", "report.md"}


async def test_a_part_of_the_draft_is_shown_in_every_look_while_readers_see_the_published_one() -> None:
    async with editing() as house:
        answer = await asked(house, "check", RENAMED, part="topic:dprk-demands")
        assert answer["faults"] == []
        assert answer["preview"]["withheld"] == ""
        html = answer["preview"]["html"]
        assert html.count("What Kim would ask for first</h2>") == 3
        assert "Kim would likely demand all of the following" in html
        assert "revision 2" in html
        assert {part["group"] for part in answer["parts"]} == {
            "Topics", "Sections", "Reminders, as if sent today", "The whole report",
        }  # fmt: skip
        assert answer["parts"][0] == {
            "key": "topic:dprk-demands", "group": "Topics", "label": "/dprk-demands: What Kim would ask for first",
        }  # fmt: skip
        assert "What Pyongyang would ask of Washington" in await house.bot.text("/dprk-demands")


async def test_every_part_that_is_offered_can_be_shown() -> None:
    async with editing() as house:
        parts = (await asked(house, "check"))["parts"]
        assert len(parts) > 25
        for part in parts:
            preview = (await asked(house, "check", part=part["key"]))["preview"]
            assert preview["html"].count('<article class="card draft"') >= 1, part
            assert "could not be drawn" not in preview["html"], part
        assert (await asked(house, "check", part="topic:nobody"))["preview"] is None


async def test_a_long_part_is_cut_into_the_pages_that_chat_would_show() -> None:
    async with editing() as house:
        preview = (await asked(house, "check", part="section:yoon"))["preview"]["html"]
        pages = preview.count('<article class="card draft"')
        assert pages > 1
        assert f'data-key="draft-page:2">More (2 of {pages})</button>' in preview
        assert 'data-key="draft-page:1">Back (1 of ' in preview


@pytest.mark.parametrize(
    ("line", "withheld"),
    [
        ("distribution: team", "As the team and admins see it; others see less of it, or nothing."),
        ("distribution: admins", "As admins see it; others see less of it, or nothing."),
        (
            "embargo_until: 2199-01-01",
            "As it reads once its embargo has ended; until then less of it is shown, or nothing.",
        ),
    ],
)
async def test_what_is_withheld_is_shown_with_who_does_not_see_it(line: str, withheld: str) -> None:
    async with editing() as house:
        yaml = changed(DESCRIPTION, f"{DESCRIPTION}\n    {line}")
        answer = await asked(house, "check", yaml, part="topic:dprk-demands")
        assert answer["faults"] == []
        assert answer["preview"]["withheld"] == withheld
        assert "Kim would likely demand all of the following" in answer["preview"]["html"]


async def test_a_draft_of_another_brief_is_named_and_not_published() -> None:
    async with editing() as house:
        yaml = changed(f"brief: {BRIEF}", "brief: another-one")
        notice = (
            f"The draft says brief: another-one, but this is the editor of {BRIEF}. Write brief: {BRIEF} again, "
            f"or keep the new id and add formerly: [{BRIEF}]."
        )
        assert (await asked(house, "check", yaml))["notice"] == notice
        answer = await asked(house, "publish", yaml, base=1, reason="to see")
        assert answer == {"kind": "refused", "sentence": f"{notice} Nothing was done.", "revision": 1}
        assert list(house.bot.desk.revisions()) == [BRIEF]
        kept = changed(f"brief: {BRIEF}", f"brief: another-one\nformerly: [{BRIEF}]")
        assert (await asked(house, "check", kept))["notice"] == ""


async def test_the_differences_come_in_words_with_the_diff_to_download() -> None:
    async with editing() as house:
        answer = await asked(house, "compare", RENAMED)
        assert (answer["kind"], answer["title"]) == ("card", "What changes after revision 1")
        assert "No topic comes or goes." in answer["html"]
        link = re.search(
            r'<a href="(/api/kept/\w+)" download="brief.diff">The YAML&#39;s diff</a>', answer["html"]
        )
        assert link
        async with house.page.reader.get(house.page.at(link[1])) as response:
            diff = await response.text()
        assert f"-    {DESCRIPTION}" in diff
        assert "+    description: What Kim would ask for first" in diff


async def test_what_publishing_would_send_is_shown() -> None:
    async with editing() as house:
        answer = await asked(house, "radius", RENAMED)
        assert re.fullmatch(r"\d+ messages in 400 days", answer["title"])
        assert "reminder " in answer["html"]


async def test_a_published_draft_is_what_readers_see_with_its_reason_in_the_history() -> None:
    async with editing() as house:
        answer = await asked(house, "publish", RENAMED, base=1, reason=" a plainer title ")
        assert (answer["kind"], answer["title"], answer["published"], answer["revision"]) == (
            "card", "Published as revision 2", True, 2,
        )  # fmt: skip
        assert "What Kim would ask for first" in await house.bot.text("/dprk-demands")
        revision = house.bot.desk.revisions()[BRIEF]
        assert (revision.document.yaml, revision.reason) == (RENAMED, "a plainer title")


async def test_a_repeated_publish_is_carried_out_once_and_answered_alike() -> None:
    async with editing() as house:
        answers = await asyncio.gather(
            *(asked(house, "publish", RENAMED, base=1, reason="once") for _ in range(3))
        )
        assert answers[0] == answers[1] == answers[2]
        assert house.bot.desk.revisions()[BRIEF].number == 2
    async with editing() as house:
        assert await house.front.first_time("web:request-1", house.bot.now)
        status, answer = await house.ask("publish", RENAMED, base=1, reason="once")
        assert (status, answer) == (
            409,
            {"sentence": "This request was carried out already; ask again for a new answer."},
        )
        assert house.bot.desk.revisions()[BRIEF].number == 1


async def test_a_draft_with_faults_or_without_a_reason_is_not_published() -> None:
    async with editing() as house:
        answer = await asked(house, "publish", b"format: 1\n", base=1, reason="to see")
        assert answer["kind"] == "faults"
        assert answer["faults"][0]["file"] == "brief.yaml"
        answer = await asked(house, "publish", RENAMED, base=1, reason="  ", request="request-2")
        assert answer == {
            "kind": "refused", "revision": 1,
            "sentence": "Say in a sentence why, for the history; nothing was published.",
        }  # fmt: skip
        for path in ("compare", "radius"):
            assert (await asked(house, path, b"format: 1\n"))["kind"] == "faults"
        assert house.bot.desk.revisions()[BRIEF].number == 1


async def test_a_draft_of_an_older_revision_is_refused_and_told_the_new_one() -> None:
    async with editing() as house:
        yaml = changed(DESCRIPTION, "description: What somebody else wrote")
        await house.drafts.elsewhere(read_brief(yaml, shipped().report), "meanwhile")
        assert (await asked(house, "check", RENAMED))["revision"] == 2
        answer = await asked(house, "publish", RENAMED, base=1, reason="a plainer title")
        assert answer == {
            "kind": "refused", "revision": 2,
            "sentence": "Revision 2 was published meanwhile, so nothing was done.",
        }  # fmt: skip
        assert house.bot.desk.revisions()[BRIEF].document.yaml == yaml


async def test_a_proposal_is_told_from_a_publication() -> None:
    async with editing(review=True) as house:
        answer = await asked(house, "publish", RENAMED, base=1, reason="a plainer title")
        assert (answer["title"], answer["published"], answer["revision"]) == ("Proposed", False, 1)
        assert [each.yaml for each in house.drafts.proposed] == [RENAMED]


LARGE_YAML, LARGE_REPORT = make()


@pytest.mark.parametrize(
    ("published", "faults"), [("soon", [(4, '"soon"')]), ("2025-03-02", [])], ids=["faulty", "sound"]
)
async def test_five_megabytes_are_checked_while_the_page_goes_on_answering(
    published: str, faults: list[tuple[int, str]]
) -> None:
    assert len(LARGE_YAML) > 5_000_000
    async with office(read_brief(LARGE_YAML, LARGE_REPORT)) as bot, editing(bot) as house:
        draft = {
            "brief": "large", "yaml": LARGE_YAML.replace(b"2025-03-01", published.encode(), 1).decode(),
            "report": LARGE_REPORT.decode(), "part": "digest:", "request": "request-1",
        }  # fmt: skip
        checking = asyncio.create_task(house.page.post("/api/editor/check", **draft))
        slowest = 0.0
        while not checking.done():
            began = perf_counter()
            async with house.page.reader.get(house.page.at("/healthz")) as response:
                assert response.status == 200
            slowest = max(slowest, perf_counter() - began)
            await asyncio.sleep(0.01)
        status, answer = await checking
        assert status == 200
        assert [(each["line"], each["found"]) for each in answer["faults"]] == faults
        assert ("Digest: A large brief" in str(answer.get("preview"))) == (not faults)
        print(f"slowest answer meanwhile: {slowest:.3f} s")
        assert slowest < 1.5


@pytest.mark.parametrize(
    ("bomb", "line"),
    [
        (b"[" * 200_000, 1),
        (b"a: &a [x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n", 2),
        (b"format: 1\nbrief: \x00\n", 2),
    ],
    ids=["nesting", "aliases", "nul"],
)
async def test_a_bomb_is_a_fault_like_any_other(bomb: bytes, line: int) -> None:
    async with editing() as house:
        for path in ("check", "compare", "publish"):
            answer = await asked(
                house, path, bomb, **({"base": 1, "reason": "boom"} if path == "publish" else {})
            )
            assert line in {each["line"] for each in answer["faults"]}
        assert (await asked(house, "check"))["faults"] == []


async def test_a_text_beyond_the_limit_is_refused_with_the_limit() -> None:
    async with editing() as house:
        status, answer = await house.ask("check", b"#" * (15 * 1024 * 1024))
        assert (status, answer) == (413, {"sentence": "This is larger than 10 MB; send a smaller file."})


async def test_checks_whose_page_has_gone_trouble_nobody(caplog: pytest.LogCaptureFixture) -> None:
    async with editing() as house:
        document = shipped()
        for number in range(5):
            body = {
                "brief": BRIEF, "yaml": f"{document.yaml.decode()}# {number}\n", "report": document.report.decode(),
                "request": f"request-{number}",
            }  # fmt: skip
            with pytest.raises(TimeoutError):
                async with house.page.reader.post(
                    house.page.at("/api/editor/check"), json=body, timeout=aiohttp.ClientTimeout(total=0.01)
                ):
                    raise AssertionError("the check was quicker than a page can leave")
        assert (await asked(house, "check"))["faults"] == []
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
