"""What the page's editor asks of the running bot."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from briefs.reading import Document
from commands.model import Reply


@dataclass(frozen=True, slots=True)
class Loaded:
    """The two files of a published brief, byte for byte, and their revision: the base of a draft."""

    yaml: bytes
    report: bytes
    revision: int


class Drafts(Protocol):
    """What becomes of a draft. `at` is aware UTC; each draft was read and holds no fault."""

    async def source(self, brief_id: str) -> Loaded | None:
        """Return what a draft begins with; None where no such brief is published."""

    async def compare(self, document: Document, at: datetime, language: str) -> Reply:
        """Say how a draft differs from what is published, in words, with the YAML's diff as a file."""

    async def radius(self, document: Document, at: datetime, language: str) -> Reply:
        """Show every message that publishing a draft would send or change."""

    async def publish(self, document: Document, base: int, reason: str, at: datetime, language: str) -> Reply:
        """Publish a draft or propose it, and say which.

        `base` is the revision that the draft began with. Raises UserError with a sentence where nothing
        was done, for example because another revision was published meanwhile.
        """
