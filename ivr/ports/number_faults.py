"""Why a number is refused for good, in words that no provider has a part in."""

from enum import StrEnum


class NumberFault(StrEnum):
    """What is wrong with a number: an office reads it as ``number:…`` of the catalogue."""

    INVALID = "invalid"
    COUNTRY = "country"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    NOT_IN_SERVICE = "not_in_service"
    OTHER = "other"
