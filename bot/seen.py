"""Requests that were handled already, in the table `seen`: a platform sends some of them again."""

from datetime import datetime

from briefs.library import Transaction, to_millis


class Seen:
    """The ids of requests. They are kept for as long as a platform may repeat one."""

    async def first_time(self, tx: Transaction, request: str, now: datetime) -> bool:
        """Say whether a request is new, and remember it."""
        count = await tx.execute(
            "INSERT INTO seen (request, at) VALUES (?, ?) ON CONFLICT (request) DO NOTHING",
            request,
            to_millis(now),
        )
        return count == 1

    async def purge(self, tx: Transaction, before: datetime) -> int:
        """Forget the requests that came before an instant; return how many."""
        return await tx.execute("DELETE FROM seen WHERE at < ?", to_millis(before))
