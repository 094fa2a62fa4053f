"""Publishing: the one door for folder, upload, page and command line."""

from collections.abc import Awaitable, Callable
from datetime import datetime

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
    """
    async with store.transaction() as tx:
        revision = await library.store(tx, document, author, at, reason, origin)
        await replan(tx, revision.brief_id, at)
    return revision
