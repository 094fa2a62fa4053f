"""An open ledger for every test of this room."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.scheduler.ground import Ground, ground


@pytest_asyncio.fixture
async def field() -> AsyncIterator[Ground]:
    """A ledger in memory."""
    async with ground() as opened:
        yield opened
