"""From bytes to text: what is refused before anything looks at the meaning of a file."""

import re
from bisect import bisect_right

from briefs.faults import Fault
from briefs.marking import N_

MAX_BYTES = 16 * 1024 * 1024

# What editors count as the end of a line. YAML 1.1 also counts U+0085, U+2028 and U+2029.
_LINE_BREAK = re.compile(r"\r\n|\n|\r")
_UTF16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
BOM = b"\xef\xbb\xbf"
# YAML 1.1, production 1 (c-printable): what a stream may hold, here without the line breaks and the tab.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_FORBIDDEN_BYTES = bytes([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
# The same beyond ASCII, as UTF-8: C1 controls except NEL, and U+FFFE and U+FFFF.
_FORBIDDEN_WIDE = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]|\xef\xbf[\xbe\xbf]")


class Refused(Exception):  # noqa: N818  # it carries the fault that a reader is told
    """A file that cannot be looked into at all."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


def text_of(data: bytes, file: str, limit: int = MAX_BYTES) -> str:
    """Give the text of a UTF-8 file without its byte order mark; raise Refused for anything else.

    `limit` is in bytes.
    """
    if len(data) > limit:
        raise Refused(_too_large(data, file, limit))
    try:
        text = data.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as problem:
        raise Refused(_not_utf8(data, file, problem.start)) from None
    if len(data.translate(None, _FORBIDDEN_BYTES)) != len(data) or _FORBIDDEN_WIDE.search(data):
        found = FORBIDDEN.search(text)
        if found:
            raise Refused(_forbidden(text, file, found.start()))
    return text


class Lines:
    """Where the lines of a text begin, for places to be looked up in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(found.end() for found in _LINE_BREAK.finditer(text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Give the line and column, both from 1, of a character; past the end, the end."""
        offset = min(offset, len(self._text))
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def rest(self, offset: int) -> str:
        """Give what stands in the line from a character on."""
        found = _LINE_BREAK.search(self._text, offset)
        return self._text[offset : found.start() if found else len(self._text)]

    def sign(self, offset: int) -> str:
        """Give the character at an offset, or nothing at the end of the text."""
        return self._text[offset : offset + 1]


def place(text: str, offset: int) -> tuple[int, int]:
    """Give the line and column, both from 1, of a character in a text."""
    return Lines(text).place(offset)


def _too_large(data: bytes, file: str, limit: int) -> Fault:
    return Fault(
        file, 1, 1, N_("{size:.1f} MiB", size=len(data) / 2**20),
        N_("the file is larger than {limit:g} MiB", limit=limit / 2**20), N_("split the report into several briefs"),
    )  # fmt: skip


def _not_utf8(data: bytes, file: str, start: int) -> Fault:
    body = data.removeprefix(BOM)
    line, column = place(body[:start].decode("utf-8"), start)
    if data.startswith(_UTF16_OR_32) or body[:400].count(0) * 3 > len(body[:400]):
        problem = N_("the file is in UTF-16 or UTF-32, not in UTF-8")
    else:
        problem = N_("the file is not in UTF-8")
    cure = N_("save it as UTF-8 (in the editor: Save with encoding)")
    return Fault(file, line, column, N_("the byte 0x{byte:02X}", byte=body[start]), problem, cure)


def _forbidden(text: str, file: str, offset: int) -> Fault:
    line, column = place(text, offset)
    sign = text[offset]
    if sign == "\x00" and text[:400].count("\x00") * 3 > len(text[:400]):
        return Fault(
            file, line, column, N_("the byte 0x{byte:02X}", byte=0),
            N_("the file is in UTF-16 or UTF-32, not in UTF-8"),
            N_("save it as UTF-8 (in the editor: Save with encoding)"),
        )  # fmt: skip
    name = N_("a NUL character") if sign == "\x00" else N_("a control character")
    return Fault(
        file, line, column, N_("the character U+{code:04X}", code=ord(sign)),
        N_("{name} stands in the text", name=name),
        N_("delete it; only tabs and line breaks are allowed among the control characters"),
    )  # fmt: skip
