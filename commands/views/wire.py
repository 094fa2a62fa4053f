"""Messages that a platform was called for already, so that nothing can hold them back."""

from collections.abc import Sequence

from commands.model import Block, Listing, Prose, text
from commands.stored import from_json
from commands.wording import counting
from scheduler.delivery import Delivery


def on_its_way(going: Sequence[Delivery], language: str) -> list[Block]:
    """Name the messages that were on their way already; nothing where there are none."""
    if not going:
        return []
    said = counting(language)(
        "One message was already on its way and may still arrive:",
        "{count} messages were already on their way and may still arrive:",
        len(going),
    ).format(count=len(going))
    return [Prose(text(said)), Listing(tuple(text(_title(each)) for each in going))]


def _title(each: Delivery) -> str:
    return from_json(each.text).title if each.text else each.item
