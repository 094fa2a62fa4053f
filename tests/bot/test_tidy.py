"""The file gives back to the disk what a large deletion left free, and keeps a little for what comes."""

from pathlib import Path

from bot.database import Database


async def filled(database: Database, rows: int) -> None:
    async with database.transaction() as tx:
        await tx.execute("CREATE TABLE much (words TEXT)")
        await tx.execute_many("INSERT INTO much VALUES (?)", [("x" * 1000,)] * rows)


async def test_a_file_that_is_mostly_free_gives_its_pages_back(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    async with Database(path) as database:
        await filled(database, 20_000)
        await database.tidy()
        full = path.stat().st_size
        assert full > 20_000_000
        async with database.transaction() as tx:
            await tx.execute("DELETE FROM much WHERE rowid % 10 <> 0 OR rowid < 10000")
        assert path.stat().st_size == full
        await database.tidy()
        assert path.stat().st_size < full / 5
        async with database.reading() as tx:
            assert (await tx.fetch("SELECT COUNT(*) AS number FROM much"))[0]["number"] == 1001


async def test_a_file_that_was_made_before_keeps_its_pages_for_what_comes(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    async with Database(path) as database:
        line = database._writer
        assert line is not None
        await line.connection.execute("PRAGMA auto_vacuum = NONE")
        await line.connection.execute("VACUUM")
        await filled(database, 5_000)
        async with database.transaction() as tx:
            await tx.execute("DELETE FROM much")
        await database.tidy()
        kept = path.stat().st_size
        assert kept > 5_000_000
        async with database.transaction() as tx:
            await tx.execute_many("INSERT INTO much VALUES (?)", [("y" * 1000,)] * 5_000)
        await database.tidy()
        assert path.stat().st_size <= kept + 4096
