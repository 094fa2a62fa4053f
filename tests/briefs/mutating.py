"""Briefs broken at random, from a seed: bytes, lines, words and whole pieces of YAML."""

import random
from collections.abc import Callable, Iterator

PIECES = [
    b"[", b"]", b"{", b"}", b": ", b"- ", b"\n", b"\r", b"\r\n", b"\t", b"&a ", b"*a", b"!!x ", b"!", b'"',
    b"'", b"#", b"|", b">", b"|+\n", b"%", b"@", b"`", b"\x00", b"\x1b", b"\xc2\x85", b"\xef\xbb\xbf",
    b"<<: ", b"? ", b"---\n", b"...\n", b"  ", "é".encode(), b"e\xcc\x81", b"\xe2\x80\xa8", b"\\", b"\\0",
    b"~", b"null", b",", b"{ordinal}", b"\xff", b"\xed\xa0\x80", b"\xe2\x80\x8b", b"2025-02-30",
    b"99999-01-01", b"0", b"-1", b"id: gauge", b"formerly: [gauge]", b"quote: ", b"passage: ",
    b"touches: []", b"{" * 60, b"[" * 60, b"a" * 5000, b"x: " * 60,
]  # fmt: skip
# How words are swapped in a quote, so that it nearly stands in the source.
WORDS = [
    b"not ",
    b"will",
    b"the",
    b"a",
    b"is",
    b" ",
    b".",
    b",",
    b"\xc2\xa0",
    b"\xe2\x80\x99",
    b"'",
    b"\xc2\xad",
    b"A",
    b"e\xcc\x81",
]
# The same character as others type it; the last of each is another character.
RETYPED = {
    b" ": ["\u00a0".encode(), b"  ", "\u2009".encode(), "\u3000".encode(), "\u2423".encode()],
    b"'": ["’".encode(), "‘".encode(), "´".encode()],
    b"-": ["\u2010".encode(), "–".encode(), "\u30fc".encode()],
    b"f": ["\uff46".encode(), "ƒ".encode()],
    b"i": ["\u2170".encode(), "ı".encode()],
}
# What nobody sees, and an accent.
UNSEEN = ["\u200b".encode(), "\u00ad".encode(), "\u2060".encode(), "\ufeff".encode(), "\u0301".encode()]
Mutation = Callable[[bytes, random.Random], bytes]


def _flipped(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


def _cut(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.randrange(1, 40) :]


def _pieced(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + chance.choice(PIECES) + data[at + chance.choice([0, 0, 1, 3]) :]


def _truncated(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _line_moved(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True) or [data]
    moved = lines.pop(chance.randrange(len(lines)))
    lines.insert(chance.randrange(len(lines) + 1), moved)
    return b"".join(lines)


def _lines_doubled(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True) or [data]
    at = chance.randrange(len(lines))
    piece = lines[at : at + chance.randrange(1, 12)]
    to = chance.randrange(len(lines) + 1)
    return b"".join([*lines[:to], *piece, *lines[to:]])


def _indented(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True) or [data]
    at = chance.randrange(len(lines))
    lines[at] = chance.choice([b" ", b"  ", b"\t", b"    "]) + lines[at]
    return b"".join(lines)


def _line_swapped(data: bytes, chance: random.Random) -> bytes:
    """Give one line the value of another."""
    lines = data.splitlines(keepends=True)
    valued = [at for at, line in enumerate(lines) if b": " in line]
    if not valued:
        return data
    one, other = chance.choice(valued), chance.choice(valued)
    key, value = lines[one].split(b": ", 1)[0], lines[other].split(b": ", 1)[1]
    lines[one] = key + b": " + value
    return b"".join(lines)


def _in_a_quote(data: bytes, chance: random.Random) -> int | None:
    """Find a place inside a quote."""
    quotes = [at for at in range(len(data)) if data.startswith(b"quote: ", at)]
    return chance.choice(quotes) + 7 + chance.randrange(60) if quotes else None


def _misquoted(data: bytes, chance: random.Random) -> bytes:
    """Change a word inside a quote."""
    at = _in_a_quote(data, chance)
    return data if at is None else data[:at] + chance.choice(WORDS) + data[at + chance.choice([0, 1, 4]) :]


def _retyped(data: bytes, chance: random.Random) -> bytes:
    """Type a quote as another keyboard would, or nearly so."""
    at = _in_a_quote(data, chance)
    if at is None:
        return data
    sign = data[at : at + 1]
    return (
        data[:at]
        + chance.choice(RETYPED.get(sign, UNSEEN))
        + (b"" if sign in RETYPED else sign)
        + data[at + 1 :]
    )


MUTATIONS: tuple[Mutation, ...] = (
    _flipped, _cut, _pieced, _truncated, _line_moved, _lines_doubled, _indented, _line_swapped,
    _misquoted, _misquoted, _retyped, _retyped,
)  # fmt: skip


def mutants(data: bytes, seed: int, count: int) -> Iterator[bytes]:
    """Give `count` mutants of a file: each is the same for the same seed, and broken one to four times."""
    chance = random.Random(seed)
    for _ in range(count):
        mutant = data
        for _ in range(chance.choice([1, 1, 1, 2, 3, 4])):
            mutant = chance.choice(MUTATIONS)(mutant or data, chance)
        yield mutant
