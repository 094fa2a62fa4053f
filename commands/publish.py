"""Publishing: the one door for folder, upload, page and command line."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from briefs.collisions import refuse_collisions
from briefs.library import Library, Origin, Revision, Store, Transaction
from briefs.reading import Document

Replan = Callable[[Transaction, str, datetime], Awaitable[None]]


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
) -> Revision:
    """Store a document as a new revision and plan its deliveries anew, both in one transaction.

    The document is current for readers once the transaction is committed. Identical bytes change nothing.
    Raises CommandsTaken where another brief has one of the document's commands.
    """
    async with store.transaction() as tx:
        refuse_collisions(document, [each.brief for each in library.current.values()])
        revision = await library.store(tx, document, author, at, reason, origin)
        await replan(tx, revision.brief_id, at)
    return revision
