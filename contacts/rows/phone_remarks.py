"""Phone remarks: whose a number is by what is written beside it, ``13800138000（女儿）``."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from contacts.phones import PhoneError

_BETWEEN = re.compile(
    r"[,;/、|\n]+|或|和|及|(?<=[)\u4e00-\u9fff])\s+(?=[\d+])|(?<=\d)\s+(?=[\u4e00-\u9fff]{1,4}:?\s*1\d{10})"
)
_WORDS = r"[^\d()+:]{1,12}"
_REMARKED = re.compile(
    rf"(?P<before>{_WORDS}?)?:?\s*(?P<number>\+?\(?\d[\d\s()-]*\d)\s*(?:\((?P<inside>{_WORDS})\)|(?P<after>{_WORDS}))?"
)


@dataclass(frozen=True)
class RemarkedNumber:
    """A number as it was written, and the word beside it, empty where there is none."""

    number: str
    remark: str


def remarked(text: str) -> Sequence[RemarkedNumber]:
    """The numbers of a cell with the words beside them; none where no number has one, or where it is not clear."""
    found = []
    for part in _BETWEEN.split(unicodedata.normalize("NFKC", text).strip()):
        match = _REMARKED.fullmatch(part.strip())
        if not match:
            return []
        words = [(match[group] or "").strip(" -的是") for group in ("before", "inside", "after")]
        said = [word for word in words if word]
        if len(said) > 1:
            return []
        found.append(RemarkedNumber(match["number"], said[0] if said else ""))
    return found if any(each.remark for each in found) else []


class SomebodysNumberError(PhoneError):
    """The number is, by what is written beside it, somebody else's, who would be rung in the person's place."""

    def __init__(self, text: str) -> None:
        super().__init__(
            "“{value}” is somebody else's number by what is written beside it, and they would be rung instead.",
            way_out="Write the person's own number here, and this one as a relative's (家属电话, relative phone).",
            field="phone",
            value=text,
        )


class RemarkError(PhoneError):
    """What is written beside the number may mean that it must not be rung."""

    def __init__(self, text: str) -> None:
        super().__init__(
            "It is not clear what is meant by the words beside the number in “{value}”.",
            way_out="Write the number alone, and remarks into the notes.",
            field="phone",
            value=text,
        )
