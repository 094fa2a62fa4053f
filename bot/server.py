"""The server's address, and why it may be of no use. Nothing here loads the server's library."""


class ServerUnusable(Exception):  # noqa: N818  # it reads as the sentence it is
    """The server of DATABASE_URL cannot be used. The text says why and what to do."""


def told(url: str) -> str:
    """Write a database's address without its password and its parameters."""
    scheme, _, rest = url.partition("://")
    where = rest.partition("?")[0]
    account, at, place = where.rpartition("@")
    return f"{scheme}://{account.partition(':')[0]}{at}{place}"
