"""Which language a browser asks for: the header ``Accept-Language`` of RFC 9110, section 12.5.4."""

import re

from core.i18n import Language

_RANGE = re.compile(r"\s*([a-z]{1,8})(?:-[a-z0-9]{1,8})*\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?", re.IGNORECASE)
"""The first subtag, and the weight. What has other parameters is not of the standard, and left out."""
_MOST_RANGES = 50
_BY_PRIMARY = {"zh": Language.CHINESE, "en": Language.ENGLISH}
"""Whoever reads any Chinese reads ours rather than English, in whichever script or region."""


def preferred(accepted: str) -> Language | None:
    """The language that is wanted most, of those there are; None where none of them is, or nothing is said.

    Of two wanted alike the first counts; what makes no sense is left out, and ``*`` wants none in particular.
    """
    wanted = [(q, language) for each in accepted.split(",")[:_MOST_RANGES] for q, language in _understood(each)]
    best = max((q for q, _ in wanted), default=0.0)
    return next((language for q, language in wanted if q == best > 0), None)


def _understood(written: str) -> list[tuple[float, Language]]:
    found = _RANGE.fullmatch(written)
    language = _BY_PRIMARY.get(found[1].lower()) if found else None
    return [(min(1.0, float(found[2] or 1)), language)] if found and language else []
