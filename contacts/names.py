"""Names of people: one spelling for each."""

import re

_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff\U00020000-\U000323af])\s+(?=[\u3400-\u9fff\U00020000-\U000323af])")


def tidy(name: str) -> str:
    """Without padding: ``陶　芳`` and ``陶 芳`` are 陶芳, however an office pads them to the width of three."""
    return _BETWEEN_HAN.sub("", " ".join(name.split()))
