"""The loopback Slack's Web API, driven with the real SDK: scopes, refusals, files, rates, failures on order."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from .slack_bot import (
    client_of,
    form,
    over_socket,
    plain,
    refused,
    section,
)
from .slack_peer import BOT_SCOPES, BOT_USER, LoopbackError, SlackPeer, SteppedClock
from .slack_peer.errors import Json


@pytest.fixture
async def peer() -> AsyncIterator[SlackPeer]:
    async with SlackPeer() as running:
        yield running


async def test_messages_are_posted_changed_deleted_and_found_by_their_metadata(peer: SlackPeer) -> None:
    client = client_of(peer)
    metadata = {"event_type": "delivery", "event_payload": {"key": "abc"}}
    posted = await client.chat_postMessage(channel="C1", text="One", blocks=[section()], metadata=metadata)
    reply = await client.chat_postMessage(channel="C1", text="Reply", thread_ts=posted["ts"])
    second = await client.chat_postMessage(channel="C1", text="Two")
    bare = await client.conversations_history(channel="C1")
    assert [message["text"] for message in bare["messages"]] == ["Two", "One"]
    assert "metadata" not in bare["messages"][1]
    assert bare["messages"][1]["reply_count"] == 1
    full = await client.conversations_history(
        channel="C1", include_all_metadata=True, limit=1, latest=second["ts"]
    )
    assert [message["metadata"] for message in full["messages"]] == [metadata]
    assert not full["has_more"]
    thread = await client.conversations_replies(channel="C1", ts=posted["ts"])
    assert [message["ts"] for message in thread["messages"]] == [posted["ts"], reply["ts"]]
    since = await client.conversations_history(channel="C1", oldest=second["ts"], inclusive=True)
    assert [message["text"] for message in since["messages"]] == ["Two"]
    page = await client.conversations_history(channel="C1", limit=1)
    assert page["has_more"]
    rest = await client.conversations_history(channel="C1", cursor=page["response_metadata"]["next_cursor"])
    assert [message["text"] for message in rest["messages"]] == ["One"]
    changed = await client.chat_update(channel="C1", ts=posted["ts"], text="Once")
    assert changed["message"]["blocks"][0]["text"]["text"] == "The three demands"
    assert changed["message"]["edited"]["user"] == BOT_USER
    await client.chat_delete(channel="C1", ts=second["ts"])
    assert (await refused(client.chat_delete(channel="C1", ts=second["ts"])))["error"] == "message_not_found"
    assert (await refused(client.chat_update(channel="C1", ts="1.1", text="x")))[
        "error"
    ] == "message_not_found"
    lost = client.chat_postMessage(channel="C1", text="x", thread_ts="1.1")
    assert (await refused(lost))["error"] == "thread_not_found"
    link = await client.chat_getPermalink(channel="C1", message_ts=posted["ts"])
    assert link["permalink"] == f"https://loopback.slack.com/archives/C1/p{posted['ts'].replace('.', '')}"
    assert [stored.payload["text"] for stored in peer.messages()] == ["Once", "Reply"]
    assert len(peer.refused) == 3


async def test_form_bodies_carry_structures_as_json(peer: SlackPeer) -> None:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {peer.bot_token}"}) as session:
        fields = {"channel": "C1", "text": "x", "blocks": json.dumps([section()])}
        async with session.post(peer.api_base + "chat.postMessage", data=fields) as response:
            assert (await response.json())["message"]["blocks"][0]["type"] == "section"
        async with session.post(
            peer.api_base + "chat.postMessage", data=fields | {"blocks": "[{"}
        ) as response:
            assert (await response.json())["error"] == "invalid_blocks_format"


async def test_text_beyond_40000_characters_is_cut(peer: SlackPeer) -> None:
    posted = await client_of(peer).chat_postMessage(channel="C1", text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    assert posted["response_metadata"]["warnings"] == ["message_truncated"]


async def test_messages_name_whom_they_would_ping(peer: SlackPeer) -> None:
    client = client_of(peer)
    await client.chat_postMessage(
        channel="C1", text="&lt;!channel&gt;", blocks=[section("&lt;!here&gt; @everyone")]
    )
    await client.chat_postMessage(channel="C1", text="<!channel>", blocks=[section("<@U1>")])
    assert [stored.notified for stored in peer.messages()] == [[], ["channel", "U1"]]


@pytest.mark.parametrize(
    ("channel", "error"),
    [("C404", "channel_not_found"), ("C4", "channel_not_found"), ("#general", "channel_not_found")],
)
async def test_a_channel_that_the_bot_does_not_know_is_not_found(
    peer: SlackPeer, channel: str, error: str
) -> None:
    assert (await refused(client_of(peer).chat_postMessage(channel=channel, text="x")))["error"] == error


async def test_where_the_bot_may_post() -> None:
    async with SlackPeer(scopes=BOT_SCOPES - {"chat:write.public"}) as peer:
        client = client_of(peer)
        assert (await refused(client.chat_postMessage(channel="C2", text="x")))["error"] == "not_in_channel"
        assert (await refused(client.conversations_history(channel="C2")))["error"] == "not_in_channel"
        await client.conversations_join(channel="C2")
        await client.chat_postMessage(channel="C2", text="x")
        peer.kick("C2")
        assert (await refused(client.chat_postMessage(channel="C2", text="x")))["error"] == "not_in_channel"
        peer.archive("C1")
        assert (await refused(client.chat_postMessage(channel="C1", text="x")))["error"] == "is_archived"
        peer.state.channels["C3"].restricted = True
        assert (await refused(client.chat_postMessage(channel="C3", text="x")))[
            "error"
        ] == "restricted_action"
        peer.state.scopes |= {"chat:write.public"}
        await client.chat_postMessage(channel="C2", text="x")


async def test_direct_messages_are_opened_by_user_id(peer: SlackPeer) -> None:
    client = client_of(peer)
    opened = await client.conversations_open(users="U1", return_im=True)
    posted = await client.chat_postMessage(channel="U1", text="Psst.")
    assert posted["channel"] == opened["channel"]["id"]
    assert opened["channel"]["user"] == "U1"
    assert (await client.conversations_open(users="U1"))["already_open"] is True
    assert [stored.payload["text"] for stored in peer.direct_messages("U1")] == ["Psst."]
    assert (await refused(client.conversations_open(users="U404")))["error"] == "user_not_found"
    assert (await refused(client.conversations_open(users=",".join(["U1"] * 9))))["error"] == "too_many_users"
    peer.state.messages_tab = False
    assert (await refused(client.chat_postMessage(channel="U1", text="x")))[
        "error"
    ] == "messages_tab_disabled"


async def test_an_ephemeral_message_goes_to_a_member_and_is_in_no_history(peer: SlackPeer) -> None:
    peer.state.channels["C1"].members.discard("U2")
    client = client_of(peer)
    sent = await client.chat_postEphemeral(channel="C1", user="U1", text="Only you.")
    assert (await refused(client.chat_postEphemeral(channel="C1", user="U2", text="x")))[
        "error"
    ] == "user_not_in_channel"
    assert (await refused(client.chat_postEphemeral(channel="C2", user="U1", text="x")))[
        "error"
    ] == "not_in_channel"
    update = client.chat_update(channel="C1", ts=sent["message_ts"], text="x")
    assert (await refused(update))["error"] == "message_not_found"
    assert (await client.conversations_history(channel="C1"))["messages"] == []
    assert [stored.payload["text"] for stored in peer.ephemerals("U1")] == ["Only you."]


async def test_people_and_channels_are_described(peer: SlackPeer) -> None:
    client = client_of(peer)
    user = (await client.users_info(user="U2", include_locale=True))["user"]
    assert (user["tz"], user["tz_offset"], user["locale"], user["is_admin"]) == (
        "Asia/Tokyo",
        32_400,
        "ja-JP",
        False,
    )
    assert (await client.users_info(user="U9"))["user"]["is_admin"] is True
    assert "locale" not in (await client.users_info(user="U2"))["user"]
    assert (await refused(client.users_info(user="U404")))["error"] == "user_not_found"
    assert (await client.conversations_info(channel="C1"))["channel"]["is_member"] is True
    public = await client.conversations_list()
    assert [channel["name"] for channel in public["channels"]] == ["general", "random"]
    every = await client.conversations_list(types="public_channel,private_channel", limit=2)
    assert every["response_metadata"]["next_cursor"]
    joined = await client.users_conversations(types="public_channel,private_channel")
    assert [channel["id"] for channel in joined["channels"]] == ["C1", "C3"]
    assert (await client.conversations_members(channel="C3"))["members"] == ["U1", "U9", BOT_USER]
    groups = await client.usergroups_list(include_users=True)
    assert groups["usergroups"][0]["users"] == ["U1", "U9"]
    assert (await client.usergroups_users_list(usergroup="S1"))["users"] == ["U1", "U9"]
    assert (await client.team_info())["team"]["domain"] == "loopback"
    assert (await client.bots_info())["bot"]["user_id"] == BOT_USER
    assert len((await client.users_list())["members"]) == 4
    assert (await client.auth_test())["bot_id"] == "B1"
    assert (await client.api_test(foo="bar"))["args"]["foo"] == "bar"


NEEDED: dict[str, tuple[Json, str]] = {
    "chat.postMessage": ({"channel": "C1", "text": "x"}, "chat:write"),
    "chat.postEphemeral": ({"channel": "C1", "user": "U1", "text": "x"}, "chat:write"),
    "chat.update": ({"channel": "C1", "ts": "1.1", "text": "x"}, "chat:write"),
    "chat.delete": ({"channel": "C1", "ts": "1.1"}, "chat:write"),
    "conversations.open": ({"users": "U1"}, "im:write"),
    "conversations.info": ({"channel": "C1"}, "channels:read"),
    "conversations.list": ({"types": "private_channel"}, "groups:read"),
    "users.conversations": ({"types": "im"}, "im:read"),
    "conversations.members": ({"channel": "C3"}, "groups:read"),
    "conversations.history": ({"channel": "C3"}, "groups:history"),
    "conversations.replies": ({"channel": "C1", "ts": "1.1"}, "channels:history"),
    "conversations.join": ({"channel": "C2"}, "channels:join"),
    "users.info": ({"user": "U1"}, "users:read"),
    "users.list": ({}, "users:read"),
    "usergroups.list": ({}, "usergroups:read"),
    "usergroups.users.list": ({"usergroup": "S1"}, "usergroups:read"),
    "files.getUploadURLExternal": ({"filename": "a.png", "length": 1}, "files:write"),
    "files.completeUploadExternal": ({"files": "[]"}, "files:write"),
    "files.info": ({"file": "F1"}, "files:read"),
    "team.info": ({}, "team:read"),
    "bots.info": ({}, "users:read"),
}


@pytest.mark.parametrize("method", NEEDED)
async def test_each_method_needs_its_scope(method: str) -> None:
    args, scope = NEEDED[method]
    async with SlackPeer(scopes=BOT_SCOPES - {scope}) as peer:
        response = await refused(client_of(peer).api_call(method, params=args))
    assert (response["error"], response["needed"]) == ("missing_scope", scope)
    assert scope not in response["provided"].split(",")


async def test_tokens_are_checked_and_revoked(peer: SlackPeer) -> None:
    assert (await refused(client_of(peer, "xoxb-wrong").auth_test()))["error"] == "invalid_auth"
    assert (await refused(AsyncWebClient(base_url=peer.api_base).auth_test()))["error"] == "not_authed"
    assert (await refused(client_of(peer, peer.app_token).auth_test()))["error"] == "not_allowed_token_type"
    opening = client_of(peer).apps_connections_open(app_token=peer.bot_token)
    assert (await refused(opening))["error"] == "not_allowed_token_type"
    assert (await refused(client_of(peer).api_call("chat.shout")))["error"] == "unknown_method"
    peer.revoke()
    assert (await refused(client_of(peer).auth_test()))["error"] == "token_revoked"
    peer.revoke("account_inactive")
    assert (await refused(client_of(peer).auth_test()))["error"] == "account_inactive"
    peer.reinstate()
    await client_of(peer).auth_test()


async def test_a_file_is_uploaded_in_three_steps_and_then_shown(peer: SlackPeer) -> None:
    client = client_of(peer)
    peer.state.file_processing_s = 0.05
    sent = await client.files_upload_v2(
        filename="timeline.png",
        content=b"\x89PNG",
        channel="C1",
        initial_comment="The timeline",
        alt_txt="A line",
    )
    file_id = sent["file"]["id"]
    assert peer.messages()[0].payload["files"][0]["alt_txt"] == "A line"
    assert peer.messages()[0].payload["text"] == "The timeline"
    picture = [{"type": "image", "alt_text": "A line", "slack_file": {"id": file_id}}]
    early = await refused(client.chat_postMessage(channel="C1", text="x", blocks=picture))
    assert early["error"] == "invalid_blocks"
    await asyncio.sleep(0.06)
    await client.chat_postMessage(channel="C1", text="x", blocks=picture)
    info = await client.files_info(file=file_id)
    headers = {"Authorization": f"Bearer {peer.bot_token}"}
    async with aiohttp.ClientSession() as session:
        async with session.get(info["file"]["url_private"], headers=headers) as response:
            assert await response.read() == b"\x89PNG"
        async with session.get(info["file"]["url_private"]) as response:
            assert response.content_type == "text/html"


async def test_upload_steps_out_of_order_are_refused(peer: SlackPeer) -> None:
    client = client_of(peer)
    long = client.files_getUploadURLExternal(filename="a.png", length=3, alt_txt="x" * 1001)
    assert (await refused(long))["error"] == "alt_txt_too_large"
    await client.files_getUploadURLExternal(filename="a.png", length=3, alt_txt="x" * 1000)
    empty = client.files_getUploadURLExternal(filename="a.png", length=0)
    assert (await refused(empty))["error"] == "missing_argument"
    step = await client.files_getUploadURLExternal(filename="a.png", length=3)
    files: list[Any] = [{"id": step["file_id"]}]
    assert (await refused(client.files_completeUploadExternal(files=files)))["error"] == "file_not_found"
    async with aiohttp.ClientSession() as session:
        async with session.post(step["upload_url"], data=b"four") as response:
            assert response.status == 400
        multipart = aiohttp.FormData()
        multipart.add_field("filename", b"abc", filename="a.png")
        async with session.post(step["upload_url"], data=multipart) as response:
            assert await response.text() == "OK - 3"
    assert (await refused(client.files_info(file=step["file_id"])))["error"] == "file_not_found"
    many = client.files_completeUploadExternal(files=files, channels=["C1"] * 101)
    assert (await refused(many))["error"] == "too_many_channels"
    await client.files_completeUploadExternal(files=files)
    assert (await refused(client.files_completeUploadExternal(files=files)))["error"] == "file_not_found"


async def test_a_user_uploads_a_file_in_a_modal(peer: SlackPeer) -> None:
    element = {"type": "file_input", "action_id": "yaml", "filetypes": ["yaml"], "max_files": 1}
    got: list[Json] = []

    def register(app: AsyncApp) -> None:
        @app.command("/brief-admin")
        async def brief(ack: Any, client: AsyncWebClient, command: Json) -> None:
            await ack()
            blocks = [{"type": "input", "block_id": "f", "label": plain("Brief"), "element": element}]
            await client.views_open(trigger_id=command["trigger_id"], view=form(blocks=blocks))

        @app.view("form")
        async def submitted(ack: Any, view: Json) -> None:
            got.extend(view["state"]["values"]["f"]["yaml"]["files"])
            await ack()

    async with over_socket(peer, register):
        view = await (await peer.command("/brief-admin", "upload")).view()
        with pytest.raises(LoopbackError, match="takes 1 files in 'yaml'"):
            await peer.submit(view, {"yaml": ["F1", "F2"]})
        done = await peer.submit(view, {"yaml": [peer.attach("brief.yaml", b"format: 1\n")]})
        await done.acknowledgement()
    assert (got[0]["name"], got[0]["size"]) == ("brief.yaml", 10)
    headers = {"Authorization": f"Bearer {peer.bot_token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(got[0]["url_private_download"]) as response,
    ):
        assert await response.read() == b"format: 1\n"


async def test_rates_are_enforced_on_demand() -> None:
    clock = SteppedClock()
    async with SlackPeer(clock=clock) as peer:
        client = client_of(peer)
        peer.enforce_rates = True
        for _ in range(5):
            await client.chat_postMessage(channel="C1", text="x")
        response = await refused(client.chat_postMessage(channel="C1", text="x"))
        assert (response.status_code, response["error"]) == (429, "ratelimited")
        assert response.headers["Retry-After"] == "1"
        await client.chat_postMessage(channel="C3", text="x")
        await clock.advance(1)
        await client.chat_postMessage(channel="C1", text="x")
        for _ in range(20):
            await client.usergroups_list()
        slow = await refused(client.usergroups_list())
        assert slow.headers["Retry-After"] == "60"
        await clock.advance(60)
        await client.usergroups_list()
        await client.apps_connections_open(app_token=peer.app_token)
        assert (await refused(client.apps_connections_open(app_token=peer.app_token))).status_code == 429


async def test_failures_on_order(peer: SlackPeer) -> None:
    client = client_of(peer)
    client.retry_handlers.clear()
    order = peer.fail_next("chat.postMessage", error="fatal_error", times=2)
    for _ in range(2):
        assert (await refused(client.chat_postMessage(channel="C1", text="lost")))["error"] == "fatal_error"
    await client.chat_postMessage(channel="C1", text="kept")
    assert order.hits == 2
    peer.fail_next("chat.postMessage", error="ratelimited")
    assert (await refused(client.chat_postMessage(channel="C1", text="x"))).headers["Retry-After"] == "1"
    peer.fail_next("chat.postMessage", status=500, after_storing=True)
    assert (await refused(client.chat_postMessage(channel="C1", text="doubtful"))).status_code == 500
    peer.fail_next("chat.postMessage", drop=True)
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel="C1", text="lost")
    peer.fail_next("chat.postMessage", drop=True, after_storing=True)
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel="C1", text="stored, answer lost")
    peer.fail_next("*", delay=0.05)
    started = time.perf_counter()
    await client.auth_test()
    assert time.perf_counter() - started >= 0.05
    assert [stored.payload["text"] for stored in peer.messages()] == [
        "kept",
        "doubtful",
        "stored, answer lost",
    ]
    assert len(peer.calls("chat.postMessage")) == 7


async def test_failures_of_response_urls_and_uploads(peer: SlackPeer) -> None:
    def register(app: AsyncApp) -> None:
        @app.command("/brief")
        async def brief(ack: Any) -> None:
            await ack()

    async with over_socket(peer, register):
        exchange = await peer.command("/brief")
        hook = AsyncWebhookClient(exchange.response_url)
        peer.fail_next("response_url", status=503)
        assert (await hook.send(text="x")).status_code == 503
        peer.fail_next("response_url", status=503, after_storing=True)
        assert (await hook.send(text="stored")).status_code == 503
        assert (await exchange.answer())["text"] == "stored"
    client = client_of(peer)
    step = await client.files_getUploadURLExternal(filename="a.png", length=3)
    peer.fail_next("upload", status=500)
    async with aiohttp.ClientSession() as session, session.post(step["upload_url"], data=b"abc") as response:
        assert response.status == 500
