"""An open ledger for every test of this room."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.scheduler.ground import Ground, ground


@pytest_asyncio.fixture
async def field(contract: str) -> AsyncIterator[Ground]:
    """An empty ledger, on each engine in turn."""
    async with ground() as opened:
        yield opened
