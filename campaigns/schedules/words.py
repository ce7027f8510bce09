"""A schedule as people read it: one sentence in their language."""

from campaigns.schedules.plans import ByHand, Daily, Monthly, Once, Repeated, Schedule, Weekly
from core.i18n import Language, listed, translate


def sentence(schedule: Schedule, language: Language) -> str:
    """When the campaign has its rounds."""
    match schedule:
        case ByHand():
            return translate(language, "when it is started")
        case Once(on=on):
            return translate(
                language, "once, on {day} at {times}", day=on.isoformat(), times=_times(schedule, language)
            )
        case _:
            return translate(language, "{days} at {times}", days=_days(schedule, language),
                             times=_times(schedule, language)) + _span(schedule, language)  # fmt: skip


def _days(schedule: Repeated, language: Language) -> str:
    every = schedule.every
    match schedule:
        case Daily():
            return translate(language, "every day" if every == 1 else "every {every} days", every=every)
        case Weekly(days=days):
            named = [translate(language, f"weekday:{each}") for each in sorted(set(days))]
            return translate(language, "on {days}" if every == 1 else "every {every} weeks on {days}", every=every,
                             days=named)  # fmt: skip
        case Monthly(days=days):
            dated = [str(each) for each in sorted(set(days)) if each > 0]
            dated += [translate(language, "the last day")] if -1 in days else []
            return translate(language, "every month on {days}" if every == 1 else "every {every} months on {days}",
                             every=every, days=dated)  # fmt: skip


def _times(schedule: Once | Repeated, language: Language) -> str:
    return listed(language, [f"{each:%H:%M}" for each in schedule.times])


def _span(schedule: Repeated, language: Language) -> str:
    said = ""
    if schedule.first:
        said += translate(language, ", from {day}", day=schedule.first.isoformat())
    if schedule.last:
        said += translate(language, ", until {day}", day=schedule.last.isoformat())
    if schedule.but:
        said += translate(language, ", but not on {days}", days=[each.isoformat() for each in sorted(schedule.but)])
    return said
