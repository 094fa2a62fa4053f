"""A brief whose withheld parts hold words that stand nowhere else, so that a leak can be told from an answer."""

import re
from collections.abc import Iterable

from briefs.reading import Document, read_brief

_WORD = re.compile(r"zq[a-z]+")

REPORT = """\
## The harbour in the open

<!-- passage open-1 -->
The tide gauge has been read since 1962. It is likely that the water will rise before 2030. The town
would ask for a higher quay.

<!-- passage open-2 -->
Talks open in the customs house, and a draft of the rules is promised.

## Zqheading of what is withheld

<!-- passage zqpassage -->
The zqtext of the study is likely to come out in the spring. A zqsecond sentence names the price.
"""

OPEN = """\
format: 1
brief: open-harbour
title: The open harbour
published: 2026-10-01
source: report.md
sections:
  - {id: open, title: The harbour in the open, passages: [open-1, open-2]}
  - {id: zqsection, title: "Zqsectiontitle", passages: [zqpassage], HANDLING}
recommendations:
  - {id: quay, title: A higher quay, passage: open-1, quote: "The town would ask for a higher quay."}
  - {id: zqadvice, title: "Zqadvicetitle", passage: open-1, quote: "read since 1962", HANDLING}
  - {id: zqinherited, title: "Zqinheritedtitle", passage: zqpassage, quote: "A zqsecond sentence names the price."}
topics:
  - id: demands
    command: demands
    description: What the town would ask for
    lead: {passage: open-1, quote: "The town would ask for a higher quay."}
    points:
      - {id: zqpoint, label: "Zqpointlabel", passage: zqpassage, quote: "A zqsecond sentence names the price."}
  - id: zqtopic
    command: zqcommand
    description: "Zqdescription"
    lead: {passage: open-1, quote: "read since 1962"}
    HANDLED
  - id: zqtold
    command: zqtoldcommand
    description: "Zqtolddescription"
    lead: {passage: zqpassage, quote: "The zqtext of the study"}
watch_dates:
  - id: talks
    title: The talks open
    date: 2026-12-20
    remind: [30d, 25d, 7d, 0d]
    basis: {passage: open-2, quote: "Talks open in the customs house"}
    touches: [demands, zqtopic]
  - id: zqdate
    title: "Zqdatetitle"
    date: 2026-12-21
    remind: [30d, 25d, 7d, 0d]
    basis: {editor: "Zqbasis", source: "https://example.org/zqlink"}
    touches: [demands]
    HANDLED
  - id: zqgrounded
    title: "Zqgroundedtitle"
    date: 2026-12-22
    remind: [30d, 25d, 7d, 0d]
    basis: {passage: zqpassage, quote: "The zqtext of the study"}
    touches: [demands]
  - id: zqpast
    title: "Zqpasttitle"
    date: 2026-11-10
    basis: {editor: "Zqpastbasis", source: "https://example.org/past"}
    outcomes:
      - {occurrence: 2026-11-10, text: "Zqhappened", source: "https://example.org/past"}
    HANDLED
judgements:
  - id: rise
    passage: open-1
    quote: It is likely that the water will rise before 2030
    likelihood: likely
  - id: zqforecast
    passage: open-1
    quote: The town would ask for a higher quay
    likelihood: would
    outcome: {result: came true, on: 2026-11-01, note: "Zqoutcome", source: "https://example.org/outcome"}
    HANDLED
  - id: zqstudy
    passage: zqpassage
    quote: The zqtext of the study is likely to come out in the spring
    likelihood: likely
notes:
  - id: open-note
    kind: development
    date: 2026-11-20
    text: The pier was painted.
    source: https://example.org/pier
    touches: [open-1]
  - id: zqnote
    kind: development
    date: 2026-11-21
    text: Zqnotetext
    source: https://example.org/note
    touches: [open-1, demands]
    HANDLED
  - id: zqremark
    kind: comment
    date: 2026-11-21
    text: Zqremarktext
    source: https://example.org/remark
    touches: [zqpassage]
answers:
  zqpassage: ["When does the zqquestion come?"]
"""

SEALED = """\
format: 1
brief: sealed-harbour
title: "Zqbrieftitle"
publisher: Zqpublisher
published: 2026-10-02
HANDLED
source: report.md
sections:
  - {id: zqwhole, title: "Zqwholetitle", passages: [zqpassage]}
topics:
  - id: zqinner
    command: zqinnercommand
    description: "Zqinnerdescription"
    lead: {passage: zqpassage, quote: "The zqtext of the study"}
watch_dates:
  - id: zqinnerdate
    title: "Zqinnertitle"
    date: 2026-12-23
    remind: [30d, 25d, 7d, 0d]
    basis: {editor: "Zqinnerbasis", source: "https://example.org/inner"}
    touches: [zqinner]
"""
SEALED_REPORT = """\
## Zqheading of what is withheld

<!-- passage zqpassage -->
The zqtext of the study is likely to come out in the spring.
"""
# What the bot shows to nobody: ids of points and notes.
SILENT = frozenset({"zqpoint", "zqremark"})


def documents(handling: str) -> tuple[Document, Document]:
    """The open brief with withheld parts, and the one that is withheld as a whole.

    `handling` is what withholds them: `embargo_until: 2026-12-01` or `distribution: admins`.
    """
    open_, sealed = (
        read_brief(yaml.replace("HANDLING", handling).replace("HANDLED", handling).encode(), report.encode())
        for yaml, report in ((OPEN, REPORT), (SEALED, SEALED_REPORT))
    )
    return open_, sealed


def withheld() -> frozenset[str]:
    """Every word that stands in withheld parts alone."""
    return canaries(OPEN, REPORT, SEALED, SEALED_REPORT) - SILENT


def canaries(*texts: str) -> frozenset[str]:
    """The words of withheld parts that stand in some texts."""
    return frozenset(word for text in texts for word in _WORD.findall(text.casefold()))


def but_typed(shown: Iterable[str], typed: Iterable[str]) -> frozenset[str]:
    """The words of withheld parts that were shown to somebody who had not typed them."""
    return canaries(*shown) - canaries(*typed)
