"""A small brief about a harbour that does not exist, with every kind of part, for the tests to share."""

SAMPLE_REPORT = """\
<!-- imprint dated -->
Merrow Harbour Observatory, 1 March 2025

## The gauge and its record

<!-- passage gauge-1 -->
The tide gauge at Merrow Harbour has been read every six minutes since 14 May 1962, when the stone
pier was finished. Its float was replaced by a radar sensor on 3 September 2018. Over these years the
mean water level rose by 2.1 mm a year – a little more than the neighbouring gauges show.

<!-- caption gauge-photo -->
The old float house on the stone pier, photographed before the radar sensor was fitted.

<!-- passage gauge-2 -->
The harbour’s levelling benchmark has not been checked since 2009. Without a new survey, nobody can
say whether the pier sinks, the sea rises, or both. The survey may take two summers.

## What the water is likely to do

<!-- passage water-1 -->
Water above the quay’s edge was seen on four days in 2010 and on eleven days in 2024. It is likely
that the quay will be under water on more than fifteen days in 2026. A flood above 5.2 m remains
unlikely before 2030; the “hundred-year flood” of 1953 reached 5.4 m.

<!-- passage water-2 -->
The spring tides of September are the highest of the year. If a storm surge of half a metre meets
one of them, the fish market could be closed for a week. The harbour office will not move the market
before the new quay is open, and plans to decide on the quay’s height by the end of 2025.

## The talks with the town

<!-- passage talks-1 -->
The town would ask for three things: a quay raised by 60 cm, a public warning two hours before high
water, and free access to the gauge’s readings. The harbour office has agreed to none of them so far…
but it has not refused either.

<!-- passage talks-2 -->
Talks open on 12 September 2025 in the customs house. A draft of the warning rules was promised for
June 2025. The town’s own study, finished in 2023, may have been read as a refusal.

## Recommendations

<!-- passage recommend-survey -->
- Survey the benchmark before the next winter, and publish the result beside the readings.

<!-- passage recommend-warning -->
- Start the public warning with the September tides of 2025, even if its rules are a draft. A warning
  that comes early and is sometimes wrong serves the town better than one that comes late.
"""

SAMPLE_YAML = """\
# Merrow Harbour, the observatory's report of 2025, as a brief.
format: 1
brief: harbour-2025
title: "Merrow Harbour: the tide gauge after sixty years"
publisher: Merrow Harbour Observatory
published: 2025-03-01
reviewed: 2025-04-15
language: en
review_every: 90 days
owner: discord:1001
distribution: everyone
source: report.md

sections:
  - id: gauge
    title: The gauge and its record
    passages: [gauge-1, gauge-photo, gauge-2]
  - id: water
    title: What the water is likely to do
    passages: [water-1, water-2]
  - id: talks
    title: The talks with the town
    passages: [talks-1, talks-2]
  - id: recommended
    title: Recommendations
    passages: [recommend-survey, recommend-warning]

recommendations:
  - id: survey
    title: Survey the benchmark
    passage: recommend-survey
    quote: Survey the benchmark before the next winter
  - id: warning
    formerly: [alarm]
    title: Start the public warning
    passage: recommend-warning
    quote: Start the public warning with the September tides of 2025

topics:
  - id: town-demands
    command: town-demands
    description: What the town would ask of the harbour office
    lead: {passage: talks-1, quote: "The town would ask for three things"}
    points:
      - {id: raise-quay, passage: talks-1, quote: "a quay raised by 60 cm", label: The quay}
      - {id: two-hours, passage: talks-1, quote: "a public warning two hours before high water"}
      - {id: open-readings, passage: talks-1, quote: "free access to the gauge's readings", label: Data}
  - id: sea-level
    formerly: [level]
    command: sea-level
    description: How fast the water rises at Merrow Harbour
    lead: {passage: gauge-1, quote: "the mean water level rose by 2.1 mm a year"}
    points:
      - id: benchmark
        passage: gauge-2
        quote: "The harbour's levelling benchmark has not been checked since 2009."
  - id: flood-outlook
    command: flood-outlook
    description: Days under water and the highest floods
    lead:
      passage: water-1
      quote: >-
        It is likely that the quay will be under water
        on more than fifteen days in 2026
    points:
      - {id: market, passage: water-2, quote: "the fish market could be closed for a week"}
  - id: draft-rules
    command: draft-rules
    description: The warning rules that the team is drafting
    distribution: team
    embargo_until: 2025-06-01T07:00
    lead: {passage: talks-2, quote: "A draft of the warning rules was promised for June 2025."}

watch_dates:
  - id: talks-open
    title: Talks between the town and the harbour office open
    date: 2025-09-12
    zone: Europe/London
    remind: [30d, 7d, 1d, 0d]
    basis: {passage: talks-2, quote: "Talks open on 12 September 2025 in the customs house."}
    touches: [town-demands, talks-1]
  - id: draft-due
    title: Draft of the warning rules is due
    date: 2025-06
    zone: Europe/London
    remind: [7d]
    basis: {passage: talks-2, quote: "A draft of the warning rules was promised for June 2025."}
    touches: [draft-rules]
  - id: spring-tide
    title: Highest spring tide of the year at Merrow Harbour
    date: 2025-09-10T12:40
    zone: Europe/London
    remind: [7d, 2h]
    basis:
      editor: The report names the September tides, not the hour of the highest one
      source: https://example.org/tide-tables/2025
    touches: [flood-outlook, water-2]
  - id: gauge-anniversary
    title: "{ordinal} anniversary of the tide gauge ({number} years)"
    yearly_from: 1962-05-14
    zone: Europe/London
    remind: [30d, 7d, 1d, 0d]
    basis: {passage: gauge-1, quote: "since 14 May 1962, when the stone pier was finished"}
    touches: [sea-level]
    outcomes:
      - occurrence: 2024-05-14
        text: The observatory opened the float house to visitors for one day.
        on: 2024-05-14
        source: https://example.org/float-house
  - id: pier-closing
    title: Stone pier closes for repairs
    date: 2025-11-03
    zone: Europe/London
    remind: [7d]
    basis:
      editor: Announced by the harbour office after the report
      source: https://example.org/pier
    cancelled:
      editor: The harbour office withdrew the closing
      source: https://example.org/pier-open

judgements:
  - id: quay-under-water
    passage: water-1
    quote: It is likely that the quay will be under water on more than fifteen days in 2026
    likelihood: likely
    by: 2026-12-31
  - id: great-flood
    passage: water-1
    quote: A flood above 5.2 m remains unlikely before 2030
    likelihood: unlikely
    by: 2029-12-31
    outcome: {result: open}
  - id: market-closed
    passage: water-2
    quote: If a storm surge of half a metre meets one of them, the fish market could be closed for a week
    likelihood: could
  - id: quay-height
    passage: water-2
    quote: The harbour office will not move the market before the new quay is open
    likelihood: will not
    outcome:
      result: partly
      on: 2025-04-10
      note: Half of the stalls were moved to the customs house.
      source: https://example.org/market

not_judgements:
  - passage: talks-2
    quote: may have been read as a refusal
    word: may
    reason: It speaks of the past, not of what will come.
  - passage: gauge-2
    quote: The survey may take two summers
    word: may
    reason: It states how long the work takes.

notes:
  - id: sensor-date
    kind: erratum
    date: 2025-03-20
    text: The radar sensor was fitted on 5 September 2018, not on 3 September.
    source: https://example.org/sensor-log
    touches: [gauge-1]
  - id: stalls-moved
    kind: development
    date: 2025-04-10
    text: Half of the market's stalls were moved to the customs house.
    source: https://example.org/market
    touches: [water-2, flood-outlook]
  - id: where-readings
    kind: comment
    date: 2025-03-05
    text: The report prints no table of the readings.
    source: report
    touches: [open-readings]

aliases:
  quay: [wharf, embankment]
  harbour office: [port authority]

glossary:
  benchmark: [levelling benchmark, reference mark]

answers:
  talks-1: ["What does the town want?", "What are the three demands?"]
  gauge-1: ["Since when has the tide been measured?"]
not_covered: ["Who owns the fish market?"]
"""
