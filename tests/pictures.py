"""The timeline pictures of docs/, painted anew from the shipped brief: `make pictures`."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from commands.model import Picture
from tests.office import office, shipped

DOCS = Path(__file__).parent.parent / "docs"
AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SPANS = {"3 months": "3-months", "1 year": "1-year", "since the report": "since-the-report"}


async def paint(into: Path) -> None:
    """Ask for each span in each theme and keep the first picture of the answer."""
    async with office(shipped()) as bot:
        for span, name in SPANS.items():
            for theme in ("light", "dark"):
                reply = await bot.reply(f"/brief timeline {span} theme={theme} whole=yes")
                picture = next(block for block in reply.blocks if isinstance(block, Picture))
                (into / f"timeline-{name}-{theme}.png").write_bytes(picture.png)


if __name__ == "__main__":
    asyncio.run(paint(DOCS))
