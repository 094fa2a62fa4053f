"""Each limit of the platform that the Discord peer enforces is broken once, over the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.peers.discord_peer import DiscordPeer
from tests.peers.discord_peer.command_rules import COMMAND_RULES, LIST_RULES, is_name
from tests.peers.discord_peer.component_rules import AUTOCOMPLETE, MODAL
from tests.peers.discord_peer.message_rules import MESSAGE_RULES
from tests.peers.discord_rule_breaks import (
    AUTOCOMPLETE_BREAKS,
    COMMAND_BREAKS,
    LIST_BREAKS,
    MESSAGE_BREAKS,
    MODAL_BREAKS,
    argument,
    command,
    in_row,
    text,
    v2,
)
from tests.peers.discord_wire import Wire, faults


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with DiscordPeer(contract=False) as peer, aiohttp.ClientSession() as http:
        yield Wire(peer, http)


def test_every_rule_is_broken_by_a_test() -> None:
    broken = [*MESSAGE_BREAKS, *MODAL_BREAKS, *AUTOCOMPLETE_BREAKS, *COMMAND_BREAKS, *LIST_BREAKS]
    rules = [*MESSAGE_RULES, *MODAL, *AUTOCOMPLETE, *COMMAND_RULES, *LIST_RULES]
    assert {rule.name for rule in rules} == set(broken)
    assert all(rule.source for rule in rules)


@pytest.mark.parametrize("name", MESSAGE_BREAKS)
async def test_a_message_beyond_a_limit_is_refused_at_the_faulty_place(wire: Wire, name: str) -> None:
    body, path = MESSAGE_BREAKS[name]
    status, answer = await wire.post(body)
    assert (status, faults(answer)) == (400, {path})
    assert wire.peer.messages(wire.peer.channel()) == []


@pytest.mark.parametrize("name", MODAL_BREAKS)
async def test_a_form_beyond_a_limit_is_refused_at_the_faulty_place(wire: Wire, name: str) -> None:
    body, path = MODAL_BREAKS[name]
    exchange = await wire.peer.command("brief", registered=False)
    status, answer = await wire.respond(exchange, 9, body)
    assert (status, faults(answer)) == (400, {f"data.{path}"})
    assert exchange.callback is None


@pytest.mark.parametrize("name", AUTOCOMPLETE_BREAKS)
async def test_suggestions_beyond_a_limit_are_refused_at_the_faulty_place(wire: Wire, name: str) -> None:
    body, path = AUTOCOMPLETE_BREAKS[name]
    await wire.send("PUT", f"{wire.application}/commands", [command(argument(autocomplete=True))])
    exchange = await wire.peer.autocomplete("brief", "topic", "to")
    status, answer = await wire.respond(exchange, 8, body)
    assert (status, faults(answer)) == (400, {f"data.{path}"})


@pytest.mark.parametrize("name", COMMAND_BREAKS)
async def test_a_command_beyond_a_limit_is_refused_at_the_faulty_place(wire: Wire, name: str) -> None:
    body, path = COMMAND_BREAKS[name]
    status, answer = await wire.send("PUT", f"{wire.application}/commands", [body])
    assert (status, faults(answer)) == (400, {f"0.{path}".rstrip(".")})
    assert wire.peer.commands() == []


@pytest.mark.parametrize("name", LIST_BREAKS)
async def test_a_command_list_beyond_a_limit_is_refused(wire: Wire, name: str) -> None:
    body, path = LIST_BREAKS[name]
    status, answer = await wire.send("PUT", f"{wire.application}/commands", body)
    assert (status, faults(answer)) == (400, {path})


async def test_a_message_at_its_limits_is_taken(wire: Wire) -> None:
    embeds = [{"title": "t" * 256, "description": "d" * 4096, "footer": {"text": "f" * 1648}}]
    rows = [in_row(*[{"type": 2, "style": 1, "label": "l" * 80, "custom_id": f"{r}{b}".ljust(100, "x")}
                     for b in range(5)])["components"][0] for r in range(5)]  # fmt: skip
    status, _ = await wire.post(
        {"content": "x" * 2000, "embeds": embeds, "components": rows, "nonce": "n" * 25}
    )
    assert status == 200
    status, _ = await wire.post(v2(*[text("x" * 100)] * 40))
    assert status == 200


@pytest.mark.parametrize(("name", "right"), [
    ("brief-admin", True), ("dprk_demands", True), ("日本", True), ("ไทย", True), ("हिंदी", True), ("über", True),
    ("Über", False), ("two words", False), ("a.b", False), ("x" * 33, False), ("", False),
])  # fmt: skip
def test_command_names_follow_the_platforms_alphabet(name: str, right: bool) -> None:
    assert is_name(name) is right


@pytest.mark.parametrize("body", [{}, {"content": " \n"}, {"embeds": []}, {"content": None, "embeds": [{}]}])
async def test_an_empty_message_is_refused(wire: Wire, body: Any) -> None:
    assert await wire.post(body) == (400, {"message": "Cannot send an empty message", "code": 50006})


async def test_v2_text_beyond_the_hidden_byte_limit_gets_a_500(wire: Wire) -> None:
    assert (await wire.post(v2(text("界" * 3390))))[0] == 200
    assert (await wire.post(v2(text("界" * 3391))))[0] == 500


async def test_a_v2_message_has_at_most_40_components(wire: Wire) -> None:
    status, answer = await wire.post(v2(*[text("x")] * 41))
    assert (status, faults(answer)) == (400, {"components"})


async def test_a_file_over_ten_mebibytes_is_refused(wire: Wire) -> None:
    fits, over = bytes(10 * 1024 * 1024), bytes(10 * 1024 * 1024 + 1)
    assert (await wire.upload({}, {"a.png": fits}))[0] == 200
    too_large = (413, {"message": "Request entity too large", "code": 40005})
    assert await wire.upload({}, {"a.png": over}) == too_large
    assert await wire.upload({}, {"a.png": fits, "b.png": fits, "c.png": fits}) == too_large


async def test_an_image_must_refer_to_a_file_of_its_message(wire: Wire) -> None:
    body = {"embeds": [{"image": {"url": "attachment://map.png"}}]}
    assert (await wire.upload(body, {"map.png": b"png"}))[0] == 200
    status, answer = await wire.upload(body, {"other.png": b"png"})
    assert (status, faults(answer)) == (400, {"embeds.0.image.url"})
    [stored] = wire.peer.messages(wire.peer.channel())
    async with wire.http.get(stored.payload["embeds"][0]["image"]["url"]) as file:
        assert await file.read() == b"png"
