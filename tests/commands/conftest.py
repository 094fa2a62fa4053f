"""A desk for every test of this room."""

from collections.abc import AsyncIterator

import pytest

from tests.office import Office, office, shipped


@pytest.fixture
async def bot() -> AsyncIterator[Office]:
    """A bot that holds the shipped brief, on November 24, 2026."""
    async with office(shipped()) as opened:
        yield opened
