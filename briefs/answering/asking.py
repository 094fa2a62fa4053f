"""What a question asks for, beside its words: a number, a date, in which script."""

import re

_NUMBER_ASKED = re.compile(
    r"\bhow (?:many|much|large|big|often|far|old|high)\b|\bpercent|何人|何発|何回|何基|いくつ|いくら|パーセント|몇|얼마",
    re.IGNORECASE,
)
_DATE_ASKED = re.compile(
    r"\bwhen\b|\b(?:what|which|on what|of what) (?:day|date|year|month)\b|いつ|何年|何月|언제|몇 년|며칠",
    re.IGNORECASE,
)
_PERSON_ASKED = re.compile(r"\bwho(?:m|se)?\b|誰|だれ|누가|누구", re.IGNORECASE)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozens?|several|hundreds?|thousands?|numerous)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:18|19|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\b"
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def is_cjk(question: str) -> bool:
    """Tell whether a question is written in Chinese characters, kana or Hangul."""
    return _CJK.search(question) is not None


def asks_a_person(question: str) -> bool:
    """Tell whether a question asks who."""
    return _PERSON_ASKED.search(question) is not None


def lacks_number(question: str, sentence: str) -> bool:
    """Tell whether a question asks how many, and the sentence holds no number at all."""
    return _NUMBER_ASKED.search(question) is not None and _NUMBER.search(sentence) is None


def lacks_date(question: str, sentence: str) -> bool:
    """Tell whether a question asks when, and the sentence holds no date at all."""
    return _DATE_ASKED.search(question) is not None and _DATE.search(sentence) is None
