"""The page's own section with the timeline: the answer of `/brief timeline`, every page of it in one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.adapter import Front
from bot.web.incoming import caller
from commands.model import Block, Call, Heading, Listing, Reply
from scheduler.address import LOBBY

COMMAND = "brief timeline"


async def timeline(front: Front, query: Mapping[str, str], accept_language: str, at: datetime) -> Reply:
    """Ask for the timeline that the section's choices name, and for all that the platforms page through."""
    options = {name: query[name] for name in ("span", "brief") if query.get(name)}
    who = caller(query.get("zone", ""), query.get("locale", ""), accept_language)
    call = Call(COMMAND, who, LOBBY, at, options)
    page = await front.answer(call)
    assert isinstance(page, Reply), "the timeline needs no option, so that it asks for none"
    first, blocks = page, list(page.blocks)
    while page.page < page.pages:
        turn = next(a for a in page.actions if a.press.verb == "page" and a.press.page == page.page + 1)
        turned = await front.press(turn.key, replace(call, options={}))
        assert isinstance(turned, Reply), "a page of an answer is an answer"
        if turned.page != page.page + 1:
            return await timeline(front, query, accept_language, at)
        page = turned
        blocks += page.blocks
    return replace(first, blocks=_joined(blocks), actions=(), page=1, pages=1)


def _joined(blocks: list[Block]) -> tuple[Block, ...]:
    """Put together the lists that were cut between two pages."""
    joined: list[Block] = []
    for block in blocks:
        if isinstance(block, Listing) and joined and isinstance(joined[-1], Listing):
            joined[-1] = replace(block, items=(*joined[-1].items, *block.items))
        else:
            joined.append(block)
    return tuple(joined)


def parts(reply: Reply) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Cut an answer into what stands around today, and what is later and earlier."""
    at = next((n for n, block in enumerate(reply.blocks) if isinstance(block, Heading)), len(reply.blocks))
    return reply.blocks[:at], reply.blocks[at:]
