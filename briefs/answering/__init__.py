"""Answers to free questions, in the report's own words."""

from briefs.answering.engine import Answering
from briefs.answering.meaning import Meaning
from briefs.answering.model import Answer, Answers, Encoder

__all__ = ["Answer", "Answering", "Answers", "Encoder", "Meaning"]
