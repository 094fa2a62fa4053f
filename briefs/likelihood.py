"""The English words with which a report says how likely something is."""

import re

# Kept wide: a plain "will" is a forecast too, and what is none gets its reason in `not_judgements`.
LIKELIHOOD = re.compile(
    r"\b((un)?likely|may|might|could|would|will|possible|possibility|possibly|impossible|no doubt"
    r"|inevitabl[ey]|probabl[ey])\b",
    re.IGNORECASE,
)
