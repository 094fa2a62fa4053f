"""The mark of a proposal that a person still has to confirm: a comment of the draft's YAML."""

import re

CONFIRM = "# confirm:"
_MARK = re.compile(rb"^[ \t]*# confirm:", re.MULTILINE)


def unconfirmed(yaml: bytes) -> int:
    """Count the proposals of a brief's YAML that are still marked; taking the comment out confirms one."""
    return len(_MARK.findall(yaml))
