"""Revisions are immutable, numbered and whole."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from briefs.library import Library, Store, from_millis, to_millis
from briefs.reading import Document, read_brief
from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML
from tests.engines import opened

NOON = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)
STORED_NOON = datetime(2026, 11, 24, 12, 0, 0, 123000, tzinfo=UTC)


def document(yaml: str = SAMPLE_YAML, report: str = SAMPLE_REPORT) -> Document:
    return read_brief(yaml.encode(), report.encode())


@pytest_asyncio.fixture
async def database(contract: str) -> AsyncIterator[Store]:
    async with opened() as made:
        yield made


async def publish(database: Store, library: Library, made: Document, reason: str = "first") -> int:
    async with database.transaction() as tx:
        revision = await library.store(tx, made, "slack:T1/U1", NOON, reason, "file")
    return revision.number


async def test_a_revision_keeps_the_exact_bytes_with_their_hashes(database: Store) -> None:
    made = document(SAMPLE_YAML + "# a last line\n")
    library = Library()
    assert await publish(database, library, made) == 1
    async with database.reading() as tx:
        assert await library.raw(tx, "harbour-2025", 1) == (made.yaml, made.report)
        (entry,) = await library.history(tx, "harbour-2025")
    assert entry.yaml_sha256 == hashlib.sha256(made.yaml).hexdigest()
    assert entry.report_sha256 == hashlib.sha256(made.report).hexdigest()
    assert (entry.author, entry.at, entry.reason, entry.origin) == (
        "slack:T1/U1",
        STORED_NOON,
        "first",
        "file",
    )


async def test_the_same_bytes_published_again_store_nothing(database: Store) -> None:
    library = Library()
    assert await publish(database, library, document()) == 1
    assert await publish(database, library, document(), "again") == 1
    async with database.reading() as tx:
        assert [entry.reason for entry in await library.history(tx, "harbour-2025")] == ["first"]


async def test_going_back_to_old_bytes_is_a_new_revision(database: Store) -> None:
    library = Library()
    changed = document(SAMPLE_YAML + "# changed\n")
    numbers = [await publish(database, library, made) for made in (document(), changed, document())]
    assert numbers == [1, 2, 3]
    async with database.reading() as tx:
        assert [entry.number for entry in await library.history(tx, "harbour-2025")] == [3, 2, 1]
        second = await library.revision(tx, "harbour-2025", 2)
        assert await library.revision(tx, "harbour-2025", 4) is None
    assert second is not None
    assert second.document == changed


async def test_a_restart_finds_the_newest_revision(database: Store) -> None:
    changed = document(SAMPLE_YAML + "# changed\n")
    await publish(database, Library(), document())
    await publish(database, Library(), changed, "second")
    fresh = Library()
    async with database.reading() as tx:
        assert await fresh.load(tx) == []
    held = fresh.current["harbour-2025"]
    assert (held.number, held.reason, held.document, held.brief.brief) == (
        2,
        "second",
        changed,
        "harbour-2025",
    )


async def test_what_is_rolled_back_never_becomes_current(database: Store) -> None:
    library = Library()

    async def publish_and_fail() -> None:
        async with database.transaction() as tx:
            await library.store(tx, document(), "web:local/reader", NOON, "first", "page")
            seen = await library.newest(tx, "harbour-2025")
            assert seen is not None
            assert "harbour-2025" not in library.current
            raise RuntimeError("planning failed")

    with pytest.raises(RuntimeError, match="planning failed"):
        await publish_and_fail()
    assert dict(library.current) == {}
    async with database.reading() as tx:
        assert await library.history(tx, "harbour-2025") == []


async def test_a_brief_under_a_new_id_takes_the_old_ones_place(database: Store) -> None:
    library = Library()
    await publish(database, library, document())
    renamed = SAMPLE_YAML.replace("brief: harbour-2025\n", "brief: merrow-2025\nformerly: [harbour-2025]\n")
    await publish(database, library, document(renamed))
    assert list(library.current) == ["merrow-2025"]
    fresh = Library()
    async with database.reading() as tx:
        await fresh.load(tx)
    assert list(fresh.current) == ["merrow-2025"]


async def test_a_revision_that_cannot_be_read_any_more_leaves_the_one_before_it(database: Store) -> None:
    await publish(database, Library(), document())
    await publish(database, Library(), document(SAMPLE_YAML + "# changed\n"))
    async with database.transaction() as tx:
        await tx.execute("UPDATE revisions SET yaml = ? WHERE number = 2", b"format: 99\n")
    fresh = Library()
    async with database.reading() as tx:
        faults = await fresh.load(tx)
    assert fresh.current["harbour-2025"].number == 1
    assert "format" in str(faults[0])


def test_an_instant_is_stored_to_the_millisecond() -> None:
    assert from_millis(to_millis(NOON)) == STORED_NOON
    assert to_millis(datetime(1969, 12, 31, 23, 59, 59, 999_500, tzinfo=UTC)) == -1
