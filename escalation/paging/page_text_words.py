"""What a text to a responder says: community, building, kind of problem and a link, and nothing of a person.

Plain values only. In Chinese it takes two segments, in English one, where the names are no longer than usual.
"""

from contacts.places import building_name, spoken_building
from core.i18n import Language, translate


def asks(language: Language, community: str, building: str, problem: str, address: str, *, unverified: bool) -> str:
    """Asks whether they can go; ``problem`` is as the voice says it, ``unverified`` what somebody unknown has said."""
    says = _UNVERIFIED if unverified else _SAYS
    place = spoken_building(language, building_name(building)) if building else ""
    return _written(language, community, place, translate(language, says, problem=problem), address)


def asks_the_office(language: Language, community: str, what: str, address: str) -> str:
    """The same of what is about nobody whom we know."""
    return _written(language, community, "", what, address)


def again(language: Language, community: str, address: str) -> str:
    """The link that they have asked for."""
    return translate(language, "[{community} Zao'an] Your new link: {address}", community=community, address=address)


_SAYS = "a resident {problem}"
_UNVERIFIED = "somebody whom we do not know says that a resident {problem}"


def _written(language: Language, community: str, place: str, what: str, address: str) -> str:
    where = translate(language, "{place}: {what}", place=place, what=what) if place else what
    return translate(language, "[{community} Zao'an] {what}. Can you go? {address}", community=community,
                     what=where, address=address)  # fmt: skip
