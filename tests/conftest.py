"""What all tests share: the PostgreSQL server, which is started by the first test that needs it."""

from collections.abc import Iterator

import pytest

from tests.engines import contract, shut_down, url

__all__ = ["contract", "url"]


@pytest.fixture(scope="session", autouse=True)
def _server_ends() -> Iterator[None]:
    yield
    shut_down()
