"""The loopback Slack's commands, buttons, modals and Home, driven with the real Bolt over both transports."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from .slack_bot import (
    WAYS,
    buttons,
    client_of,
    form,
    over_socket,
    plain,
    refused,
    section,
)
from .slack_peer import BOT_USER, LoopbackError, SlackPeer, SteppedClock, Stored, UnansweredError
from .slack_peer.errors import Json


@pytest.fixture
async def peer() -> AsyncIterator[SlackPeer]:
    async with SlackPeer() as running:
        yield running


@WAYS
async def test_a_command_is_answered_in_the_acknowledgement(peer: SlackPeer, way: Any) -> None:
    got: list[Json] = []

    def register(app: AsyncApp) -> None:
        @app.command("/dprk-demands")
        async def demands(ack: Any, body: Json) -> None:
            got.append(body)
            await ack(text="Kim would likely make three demands.", blocks=[section()])

    async with way(peer, register):
        exchange = await peer.command("/dprk-demands")
        answer = await exchange.answer()
    assert answer["text"] == "Kim would likely make three demands."
    assert answer["blocks"][0]["text"]["text"] == "The three demands"
    assert exchange.ephemeral
    assert peer.messages("C1") == []
    assert peer.ephemerals("U1")[0].payload is answer
    assert got[0] == exchange.payload
    assert set(got[0]) == {
        "token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name", "command",
        "text", "api_app_id", "is_enterprise_install", "response_url", "trigger_id",
    }  # fmt: skip
    assert 0 < exchange.sent_at < exchange.acked_at <= exchange.visible_at + 1


@WAYS
async def test_an_empty_acknowledgement_and_a_later_answer(peer: SlackPeer, way: Any) -> None:
    def register(app: AsyncApp) -> None:
        @app.command("/brief")
        async def brief(ack: Any, respond: Any) -> None:
            await ack()
            await respond(text="Looking …", response_type="in_channel")
            await respond(text="Found.", replace_original=True)

    async with way(peer, register):
        exchange = await peer.command("/brief", "search war", channel="C3")
        await exchange.shown(2)
        assert (await exchange.answer())["text"] == "Found."
        assert await exchange.acknowledgement() is None
    (stored,) = peer.messages("C3")
    assert [version["text"] for version in stored.earlier] == ["Looking …"]
    assert len(exchange.posts) == 2


async def test_typed_names_arrive_as_mentions_and_markup_is_escaped(peer: SlackPeer) -> None:
    def register(app: AsyncApp) -> None:
        @app.command("/brief")
        async def brief(ack: Any, command: Json) -> None:
            await ack(command["text"])

    async with over_socket(peer, register):
        typed = "follow #general @alice @editors <!channel> https://a.test/?x=1&y=2 "
        exchange = await peer.command("/brief", typed)
        assert exchange.payload["text"] == (
            "follow <#C1|general> <@U1|alice> <!subteam^S1|@editors> &lt;!channel&gt; <https://a.test/?x=1&amp;y=2>"
        )
        await exchange.answer()
        assert exchange.message is not None
        assert exchange.message.notified == ["U1", "usergroup:S1"]
        peer.commands = {"/brief": False}
        assert (await peer.command("/brief", "#general")).payload["text"] == "#general"
        with pytest.raises(LoopbackError, match="/nothing is not a valid command here"):
            await peer.command("/nothing")


async def test_a_command_that_is_not_acknowledged_within_3_s_times_out() -> None:
    clock = SteppedClock()

    def register(app: AsyncApp) -> None:
        @app.command("/brief")
        async def brief(respond: Any) -> None:
            await clock.sleep(4)
            await respond("Sorry, that took long.")

    async with SlackPeer(clock=clock) as peer, over_socket(peer, register):
        exchange = await peer.command("/brief")
        await asyncio.sleep(0.05)
        await clock.advance(2.9)
        assert exchange.failure is None
        await clock.advance(0.2)
        with pytest.raises(UnansweredError, match="the user saw operation_timeout"):
            await exchange.acknowledgement()
        await clock.advance(1)
        assert (await exchange.shown(1)).payload["text"] == "Sorry, that took long."  # type: ignore[union-attr]


async def test_a_command_with_nobody_connected_fails_at_once(peer: SlackPeer) -> None:
    exchange = await peer.command("/brief")
    with pytest.raises(UnansweredError, match="the user saw dispatch_failed"):
        await exchange.answer()


@WAYS
async def test_a_message_that_slack_refuses_is_not_shown(peer: SlackPeer, way: Any) -> None:
    def register(app: AsyncApp) -> None:
        @app.command("/brief")
        async def brief(ack: Any) -> None:
            await ack(text="x", blocks=[section("y" * 3001)])

    async with way(peer, register):
        exchange = await peer.command("/brief")
        with pytest.raises(UnansweredError, match="must be less than 3001 characters"):
            await exchange.answer()


async def test_a_response_url_takes_five_posts_within_thirty_minutes() -> None:
    clock = SteppedClock()

    def register(app: AsyncApp) -> None:
        @app.command("/brief")
        async def brief(ack: Any) -> None:
            await ack()

    async with SlackPeer(clock=clock) as peer, over_socket(peer, register):
        exchange = await peer.command("/brief")
        hook = AsyncWebhookClient(exchange.response_url)
        assert (await hook.send(text="")).body == '{"ok": false, "error": "no_text"}'
        statuses = [(await hook.send(text=f"Part {number}")).status_code for number in range(5)]
        assert statuses == [200, 200, 200, 200, 404]
        assert (await hook.send(text="more")).body == '{"ok": false, "error": "used_url"}'
        other = await peer.command("/brief")
        await clock.advance(30 * 60 + 1)
        late = await AsyncWebhookClient(other.response_url).send(text="late")
        assert late.body == '{"ok": false, "error": "expired_url"}'
    assert [str(error) for error in other.refusals] == ["expired_url"]


@WAYS
async def test_a_button_replaces_and_deletes_its_message(peer: SlackPeer, way: Any) -> None:
    def register(app: AsyncApp) -> None:
        @app.command("/brief")
        async def brief(ack: Any) -> None:
            await ack(text="Page 1", blocks=[section(), buttons("more", "gone")])

        @app.action("act:more")
        async def more(ack: Any, respond: Any, body: Json) -> None:
            await ack()
            assert body["container"]["is_ephemeral"] is True
            assert "message" not in body
            await respond(text="Page 2", blocks=[section(), buttons("gone")], replace_original=True)

        @app.action("act:gone")
        async def gone(ack: Any, respond: Any) -> None:
            await ack()
            await respond(delete_original=True)

    async with way(peer, register):
        first = await peer.command("/brief")
        await first.answer()
        with pytest.raises(LoopbackError, match="no message that the user sees has 'act:more'"):
            await peer.click("act:more", user="U2")
        click = await peer.click("act:more", "more")
        assert (await click.answer())["text"] == "Page 2"
        with pytest.raises(LoopbackError, match="no message that the user sees has 'act:more'"):
            await peer.click("act:more")
        gone_click = await peer.click("act:gone")
        with pytest.raises(UnansweredError, match="the bot deleted its answer"):
            await gone_click.answer()
    assert peer.ephemerals() == []
    assert click.payload["actions"][0]["value"] == "more"


@WAYS
async def test_a_modal_is_opened_filled_in_corrected_and_submitted(peer: SlackPeer, way: Any) -> None:
    states: list[Json] = []

    def register(app: AsyncApp) -> None:
        @app.command("/brief")
        async def brief(ack: Any, client: AsyncWebClient, command: Json) -> None:
            await ack()
            await client.views_open(trigger_id=command["trigger_id"], view=form())

        @app.options("topic")
        async def topics(ack: Any, options: Json) -> None:
            await ack(options=[{"text": plain(options["value"] + "-demands"), "value": "dprk-demands"}])

        @app.view("form")
        async def submitted(ack: Any, view: Json) -> None:
            states.append(view["state"]["values"])
            if len(states) == 1:
                await ack(response_action="errors", errors={"b-name": "Too short."})
            elif len(states) == 2:
                await ack(response_action="update", view=form(title=plain("Once more")))
            else:
                await ack()

    async with way(peer, register):
        exchange = await peer.command("/brief")
        view = await exchange.view()
        found = await peer.suggest("topic", "dprk", view=view)
        assert [option["text"]["text"] for option in await found.suggestions()] == ["dprk-demands"]
        with pytest.raises(LoopbackError, match="the client asks the user to fill in 'name'"):
            await peer.submit(view)
        with pytest.raises(LoopbackError, match="takes 0 to 20 characters in 'name', not 21"):
            await peer.submit(view, {"name": "x" * 21})
        with pytest.raises(LoopbackError, match=r"the view has no inputs \['nothing'\]"):
            await peer.submit(view, {"name": "x", "nothing": "y"})
        first = await peer.submit(view, {"name": "x", "topic": "dprk-demands"})
        assert await first.answer() == {"type": "errors", "errors": {"b-name": "Too short."}}
        second = await peer.submit(view, {"name": "xyz"})
        assert (await second.answer())["title"] == plain("Once more")
        third = await peer.submit(view, {"name": "xyz"})
        assert await third.acknowledgement() is None
        with pytest.raises(LoopbackError, match="U1 does not see the view"):
            await peer.submit(view, {"name": "xyz"})
    assert states[0]["b-name"] == {"name": {"type": "plain_text_input", "value": "x"}}
    assert states[0]["b-topic"]["topic"]["selected_option"]["value"] == "dprk-demands"
    assert states[1]["b-topic"]["topic"] == {"type": "external_select", "selected_option": None}


async def test_a_trigger_opens_one_view_within_3_s() -> None:
    clock = SteppedClock()

    def register(app: AsyncApp) -> None:
        @app.command("/brief")
        async def brief(ack: Any) -> None:
            await ack()

    async with SlackPeer(clock=clock) as peer, over_socket(peer, register):
        client = client_of(peer)
        exchange = await peer.command("/brief")
        wrong = await refused(
            client.views_open(trigger_id=exchange.trigger_id, view=form(title=plain("x" * 25)))
        )
        assert wrong["error"] == "invalid_arguments"
        assert wrong["response_metadata"]["messages"] == [
            "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
        ]
        opened = await client.views_open(trigger_id=exchange.trigger_id, view=form(external_id="e"))
        again = await refused(client.views_open(trigger_id=exchange.trigger_id, view=form()))
        assert again["error"] == "exchanged_trigger_id"
        late = await peer.command("/brief")
        await clock.advance(3.1)
        assert (await refused(client.views_open(trigger_id=late.trigger_id, view=form())))[
            "error"
        ] == "expired_trigger_id"
        assert (await refused(client.views_open(trigger_id="1.2.3", view=form())))[
            "error"
        ] == "invalid_trigger_id"
        fresh = await peer.command("/brief")
        taken = await refused(client.views_push(trigger_id=fresh.trigger_id, view=form(external_id="e")))
        assert taken["error"] == "duplicate_external_id"
        conflict = client.views_update(view_id=opened["view"]["id"], view=form(), hash="0.0")
        assert (await refused(conflict))["error"] == "hash_conflict"
        assert (await refused(client.views_update(view_id="V0", view=form())))["error"] == "not_found"
        updated = await client.views_update(external_id="e", view=form(title=plain("New")))
        assert updated["view"]["id"] == opened["view"]["id"]


async def test_a_stack_holds_three_views_and_clear_closes_them_all(peer: SlackPeer) -> None:
    def register(app: AsyncApp) -> None:
        @app.command("/brief")
        async def brief(ack: Any) -> None:
            await ack()

        @app.view("form")
        async def submitted(ack: Any, view: Json) -> None:
            if view["private_metadata"] == "push":
                await ack(response_action="push", view=form(blocks=[section()], private_metadata="clear"))
            else:
                await ack(response_action="clear")

        @app.view_closed("form")
        async def closed(ack: Any) -> None:
            await ack()

    async with over_socket(peer, register):
        client = client_of(peer)
        shape = form(blocks=[section()], private_metadata="push", notify_on_close=True)
        opened = await client.views_open(trigger_id=(await peer.command("/brief")).trigger_id, view=shape)
        pushed = await client.views_push(trigger_id=(await peer.command("/brief")).trigger_id, view=shape)
        third = await peer.submit(pushed["view"])
        top = await third.view()
        assert peer.state.stacks["U1"] == [opened["view"]["id"], pushed["view"]["id"], top["id"]]
        assert top["previous_view_id"] == pushed["view"]["id"]
        assert top["root_view_id"] == opened["view"]["id"]
        full = await refused(
            client.views_push(trigger_id=(await peer.command("/brief")).trigger_id, view=shape)
        )
        assert full["error"] == "push_limit_reached"
        await (await peer.submit(top)).acknowledgement()
        assert peer.state.stacks["U1"] == []
        again = await client.views_open(trigger_id=(await peer.command("/brief")).trigger_id, view=shape)
        closing = await peer.close_view(again["view"].copy())
        assert closing is not None
        await closing.acknowledgement()
        assert closing.payload["type"] == "view_closed"


async def test_a_faulty_answer_to_a_submission_is_the_users_trouble(peer: SlackPeer) -> None:
    def register(app: AsyncApp) -> None:
        @app.command("/brief")
        async def brief(ack: Any, client: AsyncWebClient, command: Json) -> None:
            await ack()
            await client.views_open(trigger_id=command["trigger_id"], view=form())

        @app.view("form")
        async def submitted(ack: Any) -> None:
            await ack(response_action="errors", errors={"no-such-block": "?"})

    async with over_socket(peer, register):
        view = await (await peer.command("/brief")).view()
        exchange = await peer.submit(view, {"name": "x"})
        with pytest.raises(UnansweredError, match="invalid_errors"):
            await exchange.answer()


@WAYS
async def test_the_home_tab_is_published_when_it_is_opened(peer: SlackPeer, way: Any) -> None:
    def register(app: AsyncApp) -> None:
        @app.event("app_home_opened")
        async def opened(client: AsyncWebClient, event: Json) -> None:
            await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section()]})

    async with way(peer, register):
        exchange = await peer.open_home("U2")
        assert (await exchange.answer())["blocks"][0]["text"]["text"] == "The three demands"
    assert peer.home("U2") is not None
    assert peer.home("U1") is None
    assert exchange.payload["authorizations"][0]["user_id"] == BOT_USER


async def test_joining_a_channel_brings_an_event_and_the_answer_is_seen(peer: SlackPeer) -> None:
    def register(app: AsyncApp) -> None:
        @app.event("member_joined_channel")
        async def joined(client: AsyncWebClient, event: Json) -> None:
            await client.chat_postMessage(channel=event["channel"], text="Hello.")

    async with over_socket(peer, register):
        exchange = await peer.invite("C2", inviter="U2")
        assert (await exchange.answer())["text"] == "Hello."
    assert [stored.payload["text"] for stored in peer.messages("C2")] == ["Hello."]


async def test_only_what_the_manifest_installs_exists(peer: SlackPeer) -> None:
    peer.install(
        {
            "display_information": {"name": "Briefbot"},
            "features": {
                "bot_user": {"display_name": "Briefbot"},
                "app_home": {"home_tab_enabled": True, "messages_tab_enabled": False},
                "slash_commands": [{"command": "/brief", "description": "Ask", "should_escape": True}],
            },
            "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
            "settings": {
                "socket_mode_enabled": True,
                "event_subscriptions": {"bot_events": ["app_home_opened"]},
            },
        }
    )
    assert peer.commands == {"/brief": True}
    with pytest.raises(LoopbackError, match="the app is not subscribed to app_mention"):
        await peer.event({"type": "app_mention", "user": "U1", "channel": "C1"})
    client = client_of(peer)
    assert (await refused(client.users_info(user="U1")))["needed"] == "users:read"
    assert (await refused(client.chat_postMessage(channel="U1", text="x")))[
        "error"
    ] == "messages_tab_disabled"


async def test_what_a_test_could_not_do_in_slack_is_said(peer: SlackPeer) -> None:
    with pytest.raises(LoopbackError, match="there is no user U404"):
        await peer.command("/brief", user="U404")
    with pytest.raises(LoopbackError, match="there is no channel C404"):
        await peer.command("/brief", channel="C404")
    with pytest.raises(LoopbackError, match="HTTP mode needs http_target"):
        await peer.command("/brief", mode="http")
    with pytest.raises(TimeoutError, match=r"1 open socket\(s\) did not happen within 0.01 s"):
        await peer.wait_connected(timeout=0.01)


async def test_a_message_answers_the_exchange_that_waits_in_its_channel(peer: SlackPeer) -> None:
    def register(app: AsyncApp) -> None:
        @app.action("act:share")
        async def share(ack: Any, client: AsyncWebClient, body: Json) -> None:
            await ack()
            await client.chat_postMessage(channel=body["channel"]["id"], text="Shared.")

        @app.action("pick")
        async def pick(ack: Any, client: AsyncWebClient, body: Json) -> None:
            await ack()
            chosen = body["actions"][0]["selected_option"]["value"]
            await client.chat_update(
                channel="C1", ts=body["message"]["ts"], text=f"Chosen: {chosen}", blocks=[]
            )

    async with over_socket(peer, register):
        options = [{"text": plain(name), "value": name} for name in ("one", "two")]
        select = {"type": "static_select", "action_id": "pick", "options": options}
        blocks = [buttons("share"), {"type": "actions", "elements": [select]}]
        posted = await client_of(peer).chat_postMessage(channel="C1", text="x", blocks=blocks)
        click = await peer.click("act:share", message=posted["message"])
        assert (await click.answer())["text"] == "Shared."
        assert click.payload["message"]["text"] == "x"
        with pytest.raises(LoopbackError, match=r"pick offers \['one', 'two'\], not 'three'"):
            await peer.click("pick", "three")
        chosen = await peer.click("pick", "two")
        assert (await chosen.answer())["text"] == "Chosen: two"
        assert isinstance(chosen.message, Stored)
