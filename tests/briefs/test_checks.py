"""What the schema and the cross checks refuse: each fault as the sentence that the brief's author reads."""

import pytest

from briefs.faults import BriefFaults
from briefs.reading import read_brief
from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML


def sentences(yaml: str, report: str = SAMPLE_REPORT) -> list[str]:
    with pytest.raises(BriefFaults) as caught:
        read_brief(yaml.encode(), report.encode())
    return str(caught.value).splitlines()


def changed(*pairs: tuple[str, str]) -> str:
    text = SAMPLE_YAML
    for old, new in pairs:
        assert text.count(old) == 1, f"{old!r} must stand in the sample once"
        text = text.replace(old, new)
    return text


# What to change, into what (¦ marks the place that the fault names), and what is said.
SCHEMA = [
    (
        "published: 2025-03-01",
        "published: ¦2025-13-40",
        'not a date of the calendar (month must be in 1..12); found "2025-13-40"; write it like 2026-12-18',
    ),
    (
        "published: 2025-03-01",
        "published: ¦1:30",
        'not a date; found "1:30"; write it like 2026-12-18, 2026-12 or 2026-12-18T15:00',
    ),
    (
        "published: 2025-03-01",
        "published: ¦2025-03",
        'a whole day is needed here; found "2025-03"; write it like 2026-12-18',
    ),
    (
        "review_every: 90 days",
        "review_every: ¦012",
        'not an interval; found "012"; write it like 90 days or 12 weeks',
    ),
    (
        "remind: [30d, 7d, 1d, 0d]\n    basis: {passage: talks-2",
        "remind: [30d, ¦soon]\n    basis: {passage: talks-2",
        'not a lead time; found "soon"; write it like 7d (days) or 2h (hours)',
    ),
    (
        "format: 1",
        "format: ¦2",
        'format is not a word that is allowed here; found "2"; write 1, for example format: 1',
    ),
    (
        "distribution: everyone",
        "distribution: ¦everybody",
        'distribution is not a word that is allowed here; found "everybody"; write everyone, team or admins, '
        "for example distribution: everyone",
    ),
    (
        "kind: erratum",
        "kind: ¦eratum",
        'kind is not a word that is allowed here; found "eratum"; write erratum, development or comment, for '
        "example kind: erratum",
    ),
    (
        "command: sea-level",
        "command: ¦Sea Level",
        'a command is lowercase letters and digits joined by single hyphens; found "Sea Level"; write '
        "command: town-demands",
    ),
    (
        "id: spring-tide",
        "id: ¦Spring_Tide",
        'an id is lowercase letters and digits joined by single hyphens; found "Spring_Tide"; write id: '
        "raise-quay",
    ),
    (
        "source: https://example.org/sensor-log",
        "source: ¦sensor log",
        'a source is a link, or the word report; found "sensor log"; write source: https://example.org/news, '
        "or source: report",
    ),
    (
        "source: report.md",
        "source: ¦../report.md",
        'source is the name of a Markdown file beside the brief; found "../report.md"; write source: '
        "report.md",
    ),
    (
        "owner: discord:1001",
        "owner: ¦me",
        'an owner is one person\'s address on Slack, on Discord or on the page; found "me"; write owner: '
        "slack:T1/U1, discord:123 or web:local/owner",
    ),
    (
        "title: Stone pier closes for repairs",
        "title: ¦''",
        'title is empty; found ""; write title: "The talks with the town"',
    ),
    (
        "title: Stone pier closes for repairs",
        "title:¦",
        'the key title has no value; found nothing; write title: "The talks with the town", or leave the key '
        "out",
    ),
    (
        "title: Stone pier closes for repairs",
        "title: ¦[a, b]",
        'title holds texts; found a list of 2; write title: "The talks with the town"',
    ),
    (
        "passages: [talks-1, talks-2]",
        "passages: ¦[]",
        "passages is empty; found an empty list; write passages: [talks-1, talks-2]",
    ),
    (
        "passages: [talks-1, talks-2]",
        "passages: ¦talks-1, talks-2",
        'passages is a list; found "talks-1, talks-2"; write passages: [talks-1, talks-2]',
    ),
    (
        "zone: Europe/London\n    remind: [7d, 2h]",
        "zone: ¦London\n    remind: [7d, 2h]",
        'not a time zone of the IANA list; found "London"; write it like Asia/Seoul',
    ),
    (
        "id: pier-closing\n    title: Stone pier closes for repairs\n    date: 2025-11-03\n",
        "¦id: pier-closing\n    title: Stone pier closes for repairs\n",
        "a watch date has either date: or yearly_from:, and not both; found the keys id, title, zone, "
        "remind, basis, cancelled; write date: 2026-12-18, or yearly_from: 1965-12-18",
    ),
    (
        "id: pier-closing\n    title: Stone pier closes for repairs",
        '¦id: pier-closing\n    title: "{ordinal} closing"',
        "{ordinal} and {number} are for yearly dates only; found the keys id, title, date, zone, remind, "
        "basis, cancelled; take them out of the title, or write yearly_from: instead of date:",
    ),
    (
        "editor: The harbour office withdrew the closing\n      source: https://example.org/pier-open\n",
        "¦editor: The harbour office withdrew the closing\n",
        "the key source is missing in cancelled of watch_dates; found the keys editor; write source: "
        "https://example.org/news, or source: report",
    ),
    (
        "editor: Announced by the harbour office after the report\n      source: https://example.org/pier\n",
        "¦editor: Announced by the harbour office after the report\n",
        "the key source is missing in basis of watch_dates; found the keys editor; write source: "
        "https://example.org/news, or source: report",
    ),
    (
        '{passage: talks-2, quote: "Talks open on 12 September 2025 in the customs house."}',
        "¦the report",
        'a date\'s basis is a quote of the report, or the editor\'s reason with its source; found "the '
        'report"; write basis: {passage: talks-1, quote: "…"}, or basis: {editor: why it is here, source: '
        "https://…}",
    ),
    (
        "result: partly\n      on: 2025-04-10\n",
        "¦result: partly\n",
        "an outcome other than open needs on: (its day) and source: (a link); found the keys result, note, "
        "source; write on: 2026-12-31 and source: https://example.org/news",
    ),
    (
        'gauge-1: ["Since',
        '¦Gauge 1: ["Since',
        'an id is lowercase letters and digits joined by single hyphens; found "Gauge 1"; write answers: and '
        'below it talks-1: ["What does the town want?"]',
    ),
    (
        'gauge-1: ["Since when has the tide been measured?"]',
        "gauge-1: [¦[Since, when]]",
        "an entry of answers is a question, or a quote with its questions; found a list of 2; write "
        'What does the town want?, or {quote: "a quay raised by 60 cm", questions: [What does the town want?]}',
    ),
    (
        'gauge-1: ["Since when has the tide been measured?"]',
        'gauge-1: [{quote: since 14 May 1962, ¦question: "Since when?", questions: ["How long?"]}]',
        'the key question is not known in gauge-1 of answers; found "question"; did you mean questions? Allowed are '
        "questions, quote",
    ),
    (
        'gauge-1: ["Since when has the tide been measured?"]',
        "gauge-1: [¦{quote: since 14 May 1962}]",
        "the key questions is missing in gauge-1 of answers; found the keys quote; write "
        'questions: ["What does the town want?"]',
    ),
    (
        "quay: [wharf, embankment]",
        "quay: ¦wharf",
        'quay is a list; found "wharf"; write aliases: and below it ROK: [South Korea]',
    ),
]  # fmt: skip

CROSS = [
    (
        '"The town would ask for three things',
        '¦"The town would ask for four things',
        'the quote does not stand in passage talks-1; found "The town would ask for four things"; the '
        'nearest text is "The town would ask for three things:" in talks-1: copy the words exactly as they '
        "stand there",
    ),
    (
        'passage: talks-1, quote: "The town would',
        'passage: water-2, quote: ¦"The town would',
        'the quote does not stand in passage water-2; found "The town would ask for three things"; the '
        'nearest text is "The town would ask for three things:" in talks-1: copy the words exactly as they '
        "stand there",
    ),
    (
        'passage: talks-1, quote: "The town would',
        'passage: ¦talk-1, quote: "The town would',
        'the report has no passage talk-1; found "talk-1"; did you mean talks-1?',
    ),
    (
        "passages: [water-1, water-2]",
        "passages: [water-1, water-2, ¦water-3]",
        'the report has no passage water-3; found "water-3"; did you mean water-1?',
    ),
    (
        "passages: [water-1, water-2]",
        "passages: [water-1, water-2, ¦water-1]",
        'section water holds a passage twice; found "water-1"; name it once',
    ),
    (
        "- id: gauge\n    title: The gauge and its record\n    passages: [gauge-1, gauge-photo, gauge-2]",
        "¦- id: gauge\n    title: The gauge and its record\n    passages: [gauge-1, gauge-2]",
        "the caption gauge-photo is in no section and in no topic; found it only in the report, line 12; add "
        "its id to the passages of a section",
    ),
    (
        "- id: great-flood",
        "- id: ¦sea-level",
        'two parts of the brief have the same id; found "sea-level", which is also an id in topics; give one '
        "of them another id, like sea-level-2",
    ),
    (
        "{id: raise-quay,",
        "{id: ¦survey,",
        'two parts of the brief have the same id; found "survey", which is also an id in recommendations; '
        "give one of them another id, like survey-2",
    ),
    (
        "formerly: [level]",
        "formerly: [¦alarm]",
        'a former id is in use elsewhere in the brief; found "alarm"; take it out of formerly of sea-level, '
        "or give the other part another id",
    ),
    (
        "formerly: [level]",
        "formerly: [¦survey]",
        'a former id is in use elsewhere in the brief; found "survey"; take it out of formerly of sea-level, '
        "or give the other part another id",
    ),
    (
        "command: sea-level",
        "command: ¦town-demands",
        'two topics have the same command; found "town-demands", which is also the command of town-demands; '
        "choose another name, like harbour-town-demands",
    ),
    (
        "command: sea-level",
        "command: ¦brief-admin",
        'the command brief-admin belongs to the bot itself; found "brief-admin"; choose another name, like '
        "harbour-brief-admin",
    ),
    (
        "command: sea-level",
        "command: ¦remind",
        'the command remind belongs to Slack itself; found "remind"; choose another name, like harbour-remind',
    ),
    (
        "touches: [sea-level]",
        "touches: [¦sea-levle]",
        'no part and no passage has the id sea-levle; found "sea-levle"; did you mean sea-level?',
    ),
    (
        "touches: [sea-level]",
        "touches: [¦level]",
        'no part and no passage has the id level; found "level"; it is called sea-level now: write that',
    ),
    (
        "id: where-readings\n    kind: comment\n    date: 2025-03-05\n    text: The report prints no table of "
        "the readings.\n    source: report\n    touches: [open-readings]\n",
        "¦id: where-readings\n    kind: comment\n    date: 2025-03-05\n    text: The report prints no table of "
        "the readings.\n    source: report\n",
        "the note where-readings touches nothing, so nobody would see it; found no touches; write the ids of "
        "what it is about, like touches: [talks-1]",
    ),
    (
        "likelihood: unlikely",
        "likelihood: ¦very unlikely",
        'the likelihood is not a part of the judgement\'s quote; found "very unlikely"; copy its words from '
        '"A flood above 5.2 m remains unlikely before 2030"',
    ),
    (
        "word: may\n    reason: It states",
        "word: ¦might\n    reason: It states",
        'the word is not a part of its quote; found "might"; copy it from "The survey may take two summers"',
    ),
    (
        'lead: {passage: gauge-1, quote: "the mean water level rose by 2.1 mm a year"}',
        'lead: ¦{passage: talks-1, quote: "The town would  ask for three things"}',
        'two topics have the same lead; found "The town would ask for three things", which is also the lead '
        "of town-demands; lead with other words, or make one topic of the two",
    ),
    (
        'talks-1: ["What',
        '¦talks-9: ["What',
        'the report has no passage talks-9; found "talks-9"; did you mean talks-1?',
    ),
    (
        "quay: [wharf, embankment]",
        "quay: ¦[]",
        "quay in aliases has no words; found an empty list; write its words, or take the entry out",
    ),
    (
        "benchmark: [levelling benchmark, reference mark]",
        "benchmark: [levelling benchmark, ¦' ']",
        'one of the words of benchmark in glossary is empty; found ""; write it, or take it out',
    ),
    (
        'gauge-1: ["Since when has the tide been measured?"]',
        'gauge-1: [{quote: ¦since 14 May 1963, questions: ["Since when?"]}]',
        'the quote does not stand in passage gauge-1; found "since 14 May 1963"; the nearest text is "since 14 '
        'May 1962," in gauge-1: copy the words exactly as they stand there',
    ),
    (
        'gauge-1: ["Since when has the tide been measured?"]',
        "gauge-1: [{quote: since 14 May 1962, questions: ¦[]}]",
        "a quote of gauge-1 in answers has no questions; found an empty list; write the questions that it "
        "answers, or take the entry out",
    ),
    (
        'gauge-1: ["Since when has the tide been measured?"]',
        'gauge-1: [{quote: since 14 May 1962, questions: ["Since when?", ¦" "]}]',
        'one of the questions of gauge-1 in answers is empty; found ""; write it, or take it out',
    ),
    (
        'not_covered: ["Who owns the fish market?"]',
        'not_covered: ["Who owns the fish market?", ¦" "]',
        'one of the questions of not_covered is empty; found ""; write it, or take it out',
    ),
    (
        'not_covered: ["Who owns the fish market?"]',
        'not_covered: [¦"what does the town want?"]',
        'a question of not_covered is answered all the same; found "what does the town want?"; take it out '
        "here, or out of the answers of talks-1",
    ),
    (
        '"{ordinal} anniversary of the tide gauge ({number} years)',
        '¦"{ordinal} anniversary of the tide gauge ({count} years)',
        'a title knows only the placeholders {ordinal} and {number}; found "{count}"; write it like '
        '"{ordinal} anniversary of the treaty"',
    ),
    (
        "occurrence: 2024-05-14",
        "occurrence: ¦2024-05-15",
        'gauge-anniversary does not occur then; found "2024-05-15"; write the day of an occurrence, like '
        "1963-05-14",
    ),
    (
        "occurrence: 2024-05-14",
        "occurrence: ¦1962-05-14",
        'gauge-anniversary does not occur then; found "1962-05-14"; write the day of an occurrence, like '
        "1963-05-14",
    ),
    (
        "reviewed: 2025-04-15",
        "reviewed: ¦2025-02-28",
        "the brief was reviewed before it was published; found 2025-02-28, with published: 2025-03-01; write "
        "the day of the last review",
    ),
    (
        "date: 2025-11-03",
        "date: ¦20251-11-03",
        'not a date; found "20251-11-03"; write it like 2026-12-18, 2026-12 or 2026-12-18T15:00',
    ),
    (
        "date: 2025-11-03",
        "date: ¦0205-11-03",
        'the year cannot be right; found "0205-11-03"; write a year from 1800 to 2200',
    ),
    (
        "by: 2029-12-31",
        "by: ¦2019-12-31",
        'a forecast\'s day lies before the report was published; found "2019-12-31", with published: '
        "2025-03-01; write a day on or after 2025-03-01",
    ),
    (
        "date: 2025-04-10\n    text: Half",
        "date: ¦2024-04-10\n    text: Half",
        'a development lies before the report was published; found "2024-04-10", with published: 2025-03-01; '
        "write a day on or after 2025-03-01",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "sentence"), [*SCHEMA, *CROSS])
def test_a_fault_says_where_what_and_how_to_mend_it(old: str, new: str, sentence: str) -> None:
    text = changed((old, new))
    before = text[: text.index("¦")]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert sentences(text.replace("¦", "")) == [f"brief.yaml:{line}:{column}: {sentence}"]


def test_a_lead_must_not_quote_a_whole_passage() -> None:
    whole = "Survey the benchmark before the next winter, and publish the result beside the readings."
    text = changed(
        ('{passage: talks-2, quote: "A draft of the warning rules was promised for June 2025."}\n\nwatch_dates',
         f'{{passage: recommend-survey, quote: "{whole}"}}\n\nwatch_dates'),
    )  # fmt: skip
    assert sentences(text) == [
        "brief.yaml:72:46: a lead quotes the whole passage recommend-survey; found "
        '"Survey the benchmark before the next winter, and publish the result beside the r…"; '
        "quote the words that matter; the section shows all of it"
    ]


def test_a_recommendation_may_quote_a_whole_passage() -> None:
    text = changed(
        ("quote: Survey the benchmark before the next winter\n",
         "quote: Survey the benchmark before the next winter, and publish the result beside the readings.\n"),
    )  # fmt: skip
    assert read_brief(text.encode(), SAMPLE_REPORT.encode()).brief.recommendations[0].id == "survey"


def test_an_unknown_key_names_the_one_that_was_meant_and_all_that_are_allowed() -> None:
    assert sentences(changed(("      - {id: market,", "      - {id: market, lable: x,"))) == [
        "brief.yaml:66:22: the key lable is not known in points of topics; "
        'found "lable"; did you mean label? Allowed are passage, quote, id, formerly, label'
    ]


def test_a_missing_key_stands_at_its_part() -> None:
    assert sentences(changed(("    description: How fast the water rises at Merrow Harbour\n", ""))) == [
        "brief.yaml:48:5: the key description is missing in topics; found the keys id, formerly, command, lead, "
        "points; write description: What the town would ask"
    ]


def test_too_long_a_text_says_by_how_much() -> None:
    [found] = sentences(changed(("title: Stone pier closes for repairs", f"title: {'x' * 201}")))
    assert found.startswith(
        "brief.yaml:111:12: title has 201 characters, and at most 200 are allowed; found "
    )
    assert found.endswith('; shorten it, like title: "The talks with the town"')


def test_faults_of_yaml_schema_and_report_come_at_once_in_order() -> None:
    text = changed(
        ("language: en", "language: en\nlanguage: fr"),
        ("published:", "publishd:"),
        ("The town would ask for three things", "The town would ask for four things"),
        ("kind: erratum", "kind: eratum"),
        ("touches: [gauge-1]", "touches: [gage-1]"),
        ("zone: Europe/London\n    remind: [7d, 2h]", "zone: !x Europe/London\n    remind: [7d, 2h]"),
    )
    found = sentences(text, SAMPLE_REPORT.replace("<!-- passage talks-2 -->", "<!-- passage talks_2 -->"))
    assert [sentence.split("; ")[0] for sentence in found] == [
        "brief.yaml:2:1: the key published is missing",
        "brief.yaml:6:1: the key publishd is not known",
        "brief.yaml:9:1: the key language is given twice",
        "brief.yaml:44:37: the quote does not stand in passage talks-1",
        "brief.yaml:93:11: tags are not allowed in a brief",
        "brief.yaml:161:11: kind is not a word that is allowed here",
        "brief.yaml:165:15: no part and no passage has the id gage-1",
        "report.md:37:1: a passage's id is lowercase letters and digits joined by single hyphens, "
        "64 characters at most",
    ]


def test_a_misspelt_key_is_missing_and_unknown_at_once() -> None:
    text = changed(
        ("      editor: Announced by the harbour office after the report\n", "      editr: Announced\n")
    )
    assert sentences(text) == [
        "brief.yaml:116:7: the key editor is missing in basis of watch_dates; found the keys editr, source; "
        "write editor: Announced after the report",
        "brief.yaml:116:7: the key editr is not known in basis of watch_dates; "
        'found "editr"; did you mean editor? Allowed are editor, source',
    ]


def test_what_hangs_on_a_refused_part_is_not_complained_of() -> None:
    text = changed(("    passages: [water-1, water-2]", "    passages: {water-1: water-2}"))
    assert sentences(text) == [
        "brief.yaml:20:15: passages is a list; found the keys water-1; write passages: [talks-1, talks-2]"
    ]


def test_a_quote_with_typographic_signs_is_the_same_quote() -> None:
    text = changed(("the gauge's readings", "the gauge’s  readings"))
    assert read_brief(text.encode(), SAMPLE_REPORT.encode()).brief.topics[0].points[2].id == "open-readings"


def test_what_yaml_1_1_would_change_stays_as_it_is_written() -> None:
    text = changed(("quay: [wharf, embankment]", "quay: [NO, 012, 1:30, 2025-06-22, yes, 1e3]"))
    words = read_brief(text.encode(), SAMPLE_REPORT.encode()).brief.aliases["quay"]
    assert words == ("NO", "012", "1:30", "2025-06-22", "yes", "1e3")
