"""Names of people: one spelling for each."""

import re

from contacts.columns.fields import Field
from core.errors import UserError

_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff\U00020000-\U000323af])\s+(?=[\u3400-\u9fff\U00020000-\U000323af])")
_HAN = "[\u3400-\u9fff]"
_MORE = re.compile(rf"{_HAN}\s*[(（\[【]|{_HAN}\s*[、，,;；/]\s*{_HAN}")
"""A remark in brackets, or a second name, behind a Chinese one."""


def tidy(name: str) -> str:
    """Without padding: ``陶　芳`` and ``陶 芳`` are 陶芳, however an office pads them to the width of three."""
    return _BETWEEN_HAN.sub("", " ".join(name.split()))


def one_person(text: str) -> str:
    """The name of one person; raises ``UserError`` for two, and for one with a remark, which would be read aloud."""
    name = tidy(text)
    if _MORE.search(name):
        raise UserError(
            "“{value}” is more than the name of one person.",
            way_out="Write the name alone, everybody in a row of their own, and remarks into the notes.",
            field=Field.NAME,
            value=text,
        )
    return name
