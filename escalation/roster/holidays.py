"""Public holidays, where somebody knows them: those of China, in the years of chinesecalendar (1.11.0: 2004–2026).

The days off of a year are published in the autumn before it, so there is always a year of which nothing is known yet.
"""

from collections.abc import Callable
from datetime import date

CHINA = "CN"
Known = Callable[[date], bool | None]
"""Whether a day is a public holiday; None where nobody knows."""


def holidays_of(region: str) -> Known:
    """The holidays of a community's region (ISO 3166-1)."""
    return _in_china if region == CHINA else _unknown


def _in_china(day: date) -> bool | None:
    """By name: for ``is_holiday`` every Saturday and Sunday is one, and a day worked instead has its feast's name."""
    from chinese_calendar import get_holiday_detail  # a thousand days, which few commands need

    try:
        is_off, feast = get_holiday_detail(day)
    except NotImplementedError:
        return None
    return is_off and feast is not None


def _unknown(_day: date) -> None:
    return None
