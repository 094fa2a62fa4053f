"""files.*: the three steps of an upload, and what a file is (S: reference/methods/files.*)."""

from __future__ import annotations

import mimetypes
from pathlib import PurePath

from .chat_api import destination, refuse_posting, refuse_thread
from .errors import ApiError, Json
from .message_rules import refuse_content
from .methods import Args, Method
from .state import State, StoredFile

ALT_LIMIT = 1000
CHANNELS_LIMIT = 100


def upload_url(state: State, args: Args) -> Json:
    """files.getUploadURLExternal: the first step."""
    name, length = args.required("filename"), args.number("length", 0)
    if length < 1:
        raise ApiError("missing_argument")
    if len(args.text("alt_txt")) > ALT_LIMIT:
        raise ApiError("alt_txt_too_large")
    file = StoredFile(state.new_id("F"), name, length, state.bot.id, alt_txt=args.text("alt_txt"))
    state.files[file.id] = file
    return {"ok": True, "upload_url": f"{state.base}/upload/v1/{file.id}", "file_id": file.id}


def receive(state: State, file_id: str, data: bytes) -> str:
    """The second step: the bytes. Raises ApiError (HTTP 400) where they do not fit what was announced."""
    file = state.files.get(file_id)
    if file is None or file.completed:
        raise ApiError("file_not_found", status=404)
    if len(data) != file.length:
        raise ApiError("length_mismatch", status=400)
    file.data, file.uploaded = data, True
    return f"OK - {len(data)}"


def complete(state: State, args: Args) -> Json:
    """files.completeUploadExternal: the last step, once, sharing the files where that is asked for."""
    files = [_uploaded(state, item) for item in args.data("files") or []]
    if not files:
        raise ApiError("invalid_arguments")
    targets = [args.text("channel_id"), *args.text("channels").split(",")]
    channels = [destination(state, target) for target in targets if target]
    if len(channels) > CHANNELS_LIMIT:
        raise ApiError("too_many_channels")
    content = args.content() | {"text": args.text("initial_comment")}
    if content["text"] or content["blocks"]:
        refuse_content(content)
    for channel in channels:
        refuse_posting(state, channel)
        if args.text("thread_ts"):
            refuse_thread(state, channel, args.text("thread_ts"))
    for item in files:
        item.completed, item.ready_at = True, state.clock.now() + state.file_processing_s
    shown = [described(state, file) for file in files]
    for channel in channels:
        thread_ts = args.text("thread_ts") or None
        stored = state.store(channel.id, content, files=shown, thread_ts=thread_ts)
        for item in files:
            item.channels.append(channel.id)
        state.appeared(stored)
    return {"ok": True, "files": shown}


def _uploaded(state: State, item: Json) -> StoredFile:
    file = state.files.get(str(item.get("id")))
    if file is None or not file.uploaded or file.completed:
        raise ApiError("file_not_found")
    file.title = str(item.get("title") or file.name)
    return file


def described(state: State, file: StoredFile) -> Json:
    """The file object."""
    address = f"{state.base}/files/{state.team.id}-{file.id}/{file.name}"
    return {
        "id": file.id, "created": int(state.clock.now()), "name": file.name, "title": file.title or file.name,
        "mimetype": mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        "filetype": PurePath(file.name).suffix.lstrip("."), "user": file.user, "size": file.length,
        "mode": "hosted", "is_external": False, "is_public": False, "alt_txt": file.alt_txt,
        "url_private": address, "url_private_download": address, "channels": list(file.channels),
    }  # fmt: skip


def may_open(state: State, file_id: str, user: str) -> bool:
    """Whether somebody may open a file: its uploader, and who is where it was shared.

    S: reference/methods/files.completeUploadExternal ("If the channel_id is not specified, the file will remain
    private"); nothing says that a message for one person alone shares the files in its blocks.
    """
    file = state.files[file_id]
    return user == file.user or any(user in state.channel(id).members for id in file.channels)


def info(state: State, args: Args) -> Json:
    """files.info."""
    file = state.files.get(args.required("file", "file_not_found"))
    if file is None or not file.completed:
        raise ApiError("file_not_found")
    return {
        "ok": True,
        "file": described(state, file),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


METHODS = {
    "files.getUploadURLExternal": Method(upload_url, "files:write", 4),
    "files.completeUploadExternal": Method(complete, "files:write", 4),
    "files.info": Method(info, "files:read", 4),
}
