"""Ages: what follows from the year in which somebody was born."""

VERY_OLD, OLDEST = 80, 90


def age(birth_year: int | None, year: int) -> int | None:
    """How old somebody is, or will be, in that ``year``; None where nobody knows when they were born."""
    return None if birth_year is None else year - birth_year


def is_at_least(years: int, birth_year: int | None, year: int) -> bool | None:
    """Whether they are so old, or will be in that ``year``; None where nobody knows."""
    known = age(birth_year, year)
    return None if known is None else known >= years
