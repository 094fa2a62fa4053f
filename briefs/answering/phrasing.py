"""What a question asks for beside its words, and the words in it that only say that something is asked."""

import re

_REPORT = r"(?:the|this) (?:report|paper|text|analysis|study|brief)"
_OPENING = re.compile(
    rf"^(?:(?:according to {_REPORT},?|what|how|does|do|did|is|are|where|anywhere) )*{_REPORT} "
    r"(?:says?|mentions?|discuss(?:es)?|speaks?|talks?|sees?|describes?|covers?|deals? with|contains?)"
    r"(?: (?:anything|something|much))?"
    r"(?: (?:about|of|on|regarding))? ",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    rf",? (?:(?:mentioned|discussed|covered|named|described) (?:in|by)|according to|in) {_REPORT}\??$",
    re.IGNORECASE,
)
_NUMBER_ASKED = re.compile(
    r"\bhow (?:many|much|large|big|often|far|old|high)\b|\bpercent|何人|何発|何回|何基|いくつ|いくら"
    r"|パーセント|몇|얼마",
    re.IGNORECASE,
)
_DATE_ASKED = re.compile(
    r"\bwhen\b|\b(?:what|which) (?:day|date|year|month)\b|いつ|何年|何月|언제|몇 년|며칠", re.IGNORECASE
)
_PERSON_ASKED = re.compile(r"\bwho(?:m|se)?\b|誰|だれ|누가|누구", re.IGNORECASE)
_PLACE_ASKED = re.compile(r"\bwhere\b|どこ|어디", re.IGNORECASE)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|several|dozen|hundred|thousand)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:18|19|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\b"
)
_NAMELIKE = re.compile(r"\b(?:[A-Z][^\W_]*|\d[^\W_]*)")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_KINDS = (
    ("number", _NUMBER_ASKED),
    ("date", _DATE_ASKED),
    ("person", _PERSON_ASKED),
    ("place", _PLACE_ASKED),
)


def names(question: str) -> list[str]:
    """Give the words of a question that look like names or numbers: capitals behind the first word, and digits."""
    return [word for word in _NAMELIKE.findall(question) if not question.lstrip().startswith(word)]


def core(question: str) -> str:
    """Leave out "What does the report say about" and the like, where anything is left then."""
    left = _CLOSING.sub("", _OPENING.sub("", question.strip()))
    return left if len(left) > len("?") + 2 else question


def is_cjk(question: str) -> bool:
    """Tell whether a question is written in Chinese characters, kana or Hangul."""
    return _CJK.search(question) is not None


def kinds(question: str) -> frozenset[str]:
    """Give what a question asks for: a number, a date, a person, a place."""
    return frozenset(kind for kind, asked in _KINDS if asked.search(question))


def lacks_number(asked: frozenset[str], sentence: str) -> bool:
    """Tell whether a question asks how many, and the sentence holds no number at all."""
    return "number" in asked and _NUMBER.search(sentence) is None


def lacks_date(asked: frozenset[str], sentence: str) -> bool:
    """Tell whether a question asks when, and the sentence holds no date at all."""
    return "date" in asked and _DATE.search(sentence) is None
