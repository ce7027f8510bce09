"""Rules as they are typed: ``age:80+ and (flag:lives_alone or area:3/2) and not list:choir``, in either language."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from campaigns.audiences.names import Lookup
from campaigns.audiences.rules import (
    DEEPEST,
    EVERYONE,
    OLDEST,
    Aged,
    AllOf,
    AnyOf,
    Flagged,
    InRound,
    LivesIn,
    Not,
    OnList,
    Rule,
    Speaks,
)
from contacts.columns import vocabulary
from core.errors import UserError
from core.i18n import Language

_SAME = str.maketrans({"、": ",", "“": '"', "”": '"'})
"""What Chinese keyboards write for commas and quotation marks."""
_TOKEN = re.compile(r"""\(|\)|(?:"[^"]*"|[^\s()"])+""")
_VALUE = re.compile(r"""(?:"[^"]*"|[^,"])+""")
_AGE = re.compile(r"(?P<least>\d{1,3})?(?:(?P<more>\+)|-(?P<most>\d{1,3}))")
_AND, _OR = frozenset({"and", "且", "并且"}), frozenset({"or", "或", "或者"})
_NOT, _ALL = frozenset({"not", "非", "不"}), frozenset({"everyone", "everybody", "所有人", "全部"})
_KEYS = {
    "flag": ("flag", "flags", "标记"),
    "age": ("age", "年龄"),
    "area": ("area", "areas", "building", "grid", "区域", "楼栋", "网格"),
    "language": ("language", "languages", "语言"),
    "list": ("list", "名单"),
    "answered": ("answered", "已答"),
    "unanswered": ("unanswered", "未答"),
}
_MEANS = {word: key for key, words in _KEYS.items() for word in words}
HELP = (
    "Write terms such as flag:lives_alone, age:80+, area:3/2, language:en, list:NAME, answered:ROUND or "
    "unanswered:CAMPAIGN, joined by and, or, not and brackets; or everyone."
)


def read(text: str, lookup: Lookup) -> Rule:
    """The rule that somebody has typed; raises ``UserError`` that names what was not understood."""
    plain = unicodedata.normalize("NFKC", text).translate(_SAME)
    reader = _Reader(_TOKEN.findall(plain), lookup)
    rule = reader.either(1)
    if reader.rest:
        raise unclear(reader.rest[0])
    return rule


def unclear(value: str) -> UserError:
    """What was typed is no part of a rule."""
    return UserError("“{value}” is not clear in a rule for an audience.", way_out=HELP, field="audience", value=value)


class _Reader:
    """Reads from the left; ``rest`` is what it has not read."""

    def __init__(self, tokens: Sequence[str], lookup: Lookup) -> None:
        self.rest = list(tokens)
        self._lookup = lookup

    def either(self, depth: int) -> Rule:
        """Parts that are joined by "or"."""
        parts = [self._each(depth)]
        while self._takes(_OR):
            parts.append(self._each(depth))
        return parts[0] if len(parts) == 1 else AnyOf(of=tuple(parts))

    def _each(self, depth: int) -> Rule:
        parts = [self._one(depth)]
        while self._takes(_AND):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else AllOf(of=tuple(parts))

    def _one(self, depth: int) -> Rule:
        if depth > DEEPEST:
            raise unclear("(" * DEEPEST)
        if self._takes(_NOT):
            return Not(of=self._one(depth + 1))
        if self._takes({"("}):
            inside = self.either(depth + 1)
            if not self._takes({")"}):
                raise unclear(self.rest[0] if self.rest else "(")
            return inside
        if self._takes(_ALL):
            return EVERYONE
        if not self.rest:
            raise unclear("")
        return self._term(self.rest.pop(0))

    def _takes(self, words: frozenset[str] | set[str]) -> bool:
        if self.rest and self.rest[0].lower() in words:
            self.rest.pop(0)
            return True
        return False

    def _term(self, token: str) -> Rule:
        key, colon, value = token.partition(":")
        values = [each.replace('"', "").strip() for each in _VALUE.findall(value)]
        known = _MEANS.get(key.strip().lower())
        if not colon or known is None or not values or not all(values):
            raise unclear(token)
        return self._made(known, values)

    def _made(self, key: str, values: Sequence[str]) -> Rule:
        find = self._lookup
        match key:
            case "flag":
                return Flagged(any_of=tuple(find.flags(values)))
            case "age":
                return _any(values, _age)
            case "area":
                return LivesIn(any_of=tuple(map(find.area, values)))
            case "language":
                return Speaks(any_of=tuple(map(_language, values)))
            case "list":
                return _any(values, lambda name: OnList(list_id=find.list_id(name)))
            case _:
                return _any(values, lambda name: self._round(name, answered=key == "answered"))

    def _round(self, name: str, *, answered: bool) -> Rule:
        round_id, campaign_id = self._lookup.round_or_campaign(name)
        return InRound(answered=answered, round_id=round_id, campaign_id=campaign_id)


def _any(values: Sequence[str], make: Callable[[str], Rule]) -> Rule:
    made = tuple(make(each) for each in values)
    return made[0] if len(made) == 1 else AnyOf(of=made)


def _age(value: str) -> Rule:
    found = _AGE.fullmatch(value)
    least, most = (int(found[name]) if found and found[name] else None for name in ("least", "most"))
    if found is None or (least is None and most is None) or max(least or 0, most or 0) > OLDEST or (
        most is not None and (least or 0) > most
    ):  # fmt: skip
        raise UserError("{value} is not an age.", way_out="Write 80+, or 70-79, or -69.", field="audience", value=value)
    return Aged(least=least, most=most)


def _language(value: str) -> Language:
    found = vocabulary.meaning(vocabulary.LANGUAGES, value)
    if found is None:
        raise UserError("{value} is not a known language.", way_out="Write one of: {known}.", field="audience",
                        value=value, known=vocabulary.known_words(vocabulary.LANGUAGES))  # fmt: skip
    return found
