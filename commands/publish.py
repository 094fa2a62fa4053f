"""Publishing: the one door for folder, upload, page and command line."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from briefs.collisions import refuse_collisions
from briefs.library import Library, Origin, Revision, Store, Transaction
from briefs.reading import Document

Within = Callable[[Transaction, Revision], Awaitable[None]]
Replan = Callable[[Transaction, str, datetime], Awaitable[None]]


class MovedOn(Exception):  # noqa: N818  # it reads as what happened
    """Another revision was published since the caller looked, so nothing was."""


async def publish(
    store: Store,
    library: Library,
    replan: Replan,
    document: Document,
    *,
    author: str,
    at: datetime,
    reason: str,
    origin: Origin,
    base: int | None = None,
    within: Within | None = None,
) -> Revision:
    """Store a document as a new revision and plan its deliveries anew, both in one transaction.

    The document is current for readers once the transaction is committed. Identical bytes change nothing.
    `base` is the revision that the caller saw, 0 for none: where another one came meanwhile, MovedOn is raised,
    so that nobody's revision is undone unseen. `within` does what belongs into the same transaction. Raises
    CommandsTaken where another brief has one of the document's commands.
    """
    async with store.transaction() as tx:
        await library.refresh(tx)
        refuse_collisions(document, [each.brief for each in library.current.values()])
        revision = await library.store(tx, document, author, at, reason, origin)
        if base is not None and revision.number not in (base, base + 1):
            raise MovedOn
        await replan(tx, revision.brief_id, at)
        if within is not None:
            await within(tx, revision)
    return revision
