"""Schedules as they are typed into a command."""

from datetime import date, time

import pytest

from campaigns.schedules.plans import BY_HAND, Daily, Monthly, Once, Weekly
from campaigns.schedules.written import Typed, read
from core.errors import UserError
from core.i18n import Language

EIGHT = (time(8),)


@pytest.mark.parametrize(("typed", "meant"), [
    (Typed(), BY_HAND),
    (Typed(at="18:00,08:00"), Daily(times=(time(8), time(18)))),
    (Typed(at="08:00", days="mon,Friday"), Weekly(times=EIGHT, days=(1, 5))),
    (Typed(at="08:00", days="周三、星期日、周天"), Weekly(times=EIGHT, days=(3, 7, 7))),
    (Typed(at="08:00", month_days="1,last"), Monthly(times=EIGHT, days=(1, -1))),
    (Typed(at="08:00", on="2026-12-24"), Once(times=EIGHT, on=date(2026, 12, 24))),
    (Typed(at="08:00", first="2026-12-01", every=2, but="2026-12-25，2026-12-31"),
     Daily(times=EIGHT, first=date(2026, 12, 1), every=2, but=(date(2026, 12, 25), date(2026, 12, 31)))),
])  # fmt: skip
def test_what_is_typed_is_what_is_meant(typed, meant):
    assert read(typed) == meant


def test_days_alone_keep_the_usual_times():
    assert read(Typed(days="sat"), EIGHT) == Weekly(times=EIGHT, days=(6,))


@pytest.mark.parametrize(("typed", "field"), [
    (Typed(at="8 Uhr"), "at"), (Typed(days="mon"), "at"), (Typed(at="08:00", days="someday"), "days"),
    (Typed(at="08:00", days="一二"), "days"), (Typed(at="08:00", month_days="32"), "month-days"),
    (Typed(at="08:00", on="tomorrow"), "on"), (Typed(at="08:00", on="2026-12-24", every=2), "on"),
    (Typed(at="08:00", days="mon", on="2026-12-24"), "days"), (Typed(at="08:00", every=2), "schedule"),
    (Typed(at="08:00", first="2026-12-02", last="2026-12-01"), "schedule"),
])  # fmt: skip
def test_what_is_not_clear_is_refused_with_the_field_and_a_way_out(typed, field):
    with pytest.raises(UserError) as refused:
        read(typed)
    assert refused.value.field == field
    assert refused.value.way_out
    assert refused.value.describe(Language.CHINESE)
