"""Schedules as documents with a version: a small tagged union of days, each with its times in community time.

The days are those of RFC 5545: a month without the day that is named has none, and -1 is its last one.
"""

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from campaigns.kept_documents import first_mistake, frozen, shown
from core.errors import UserError

VERSION = 1
TimeOfDay = Annotated[time, WithJsonSchema({"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9](:00)?$"})]
"""In community time: JSON Schema's own format of times needs an offset, which this has not."""
MOST_TIMES, MOST_EXCEPTIONS, LONGEST_STEP = 12, 400, 52


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ByHand(_Part):
    """Never by itself."""

    kind: Literal["by_hand"] = "by_hand"


class _Timed(_Part):
    """At each of ``times``, which are in order and each there once."""

    times: tuple[TimeOfDay, ...] = Field(min_length=1, max_length=MOST_TIMES)

    @field_validator("times")
    @classmethod
    def _in_order(cls, times: tuple[time, ...]) -> tuple[time, ...]:
        if any(each.tzinfo is not None for each in times):
            raise ValueError("times are in community time")
        return tuple(sorted({each.replace(second=0, microsecond=0) for each in times}))


class Once(_Timed):
    """On one day."""

    kind: Literal["once"] = "once"
    on: date


class _Repeated(_Timed):
    """From ``first`` to ``last``, both included, where they are given, and on none of the days ``but``.

    With ``every`` above 1 only each second, third … day, week or month is meant, counted from ``first``.
    """

    every: int = Field(default=1, ge=1, le=LONGEST_STEP)
    first: date | None = None
    last: date | None = None
    but: tuple[date, ...] = Field(default=(), max_length=MOST_EXCEPTIONS)

    @model_validator(mode="after")
    def _has_a_span(self) -> Self:
        if self.every > 1 and self.first is None:
            raise ValueError("with every, the first day is needed")
        if self.first and self.last and self.first > self.last:
            raise ValueError("the last day is before the first")
        return self


class Daily(_Repeated):
    """Every day."""

    kind: Literal["daily"] = "daily"


class Weekly(_Repeated):
    """On these days of the week, 1 is Monday and 7 is Sunday."""

    kind: Literal["weekly"] = "weekly"
    days: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field(min_length=1, max_length=7)


class Monthly(_Repeated):
    """On these days of the month; -1 is the last one."""

    kind: Literal["monthly"] = "monthly"
    days: tuple[Annotated[int, Field(ge=-1, le=31)], ...] = Field(min_length=1, max_length=32)

    @field_validator("days")
    @classmethod
    def _exist(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        if 0 in days:
            raise ValueError("there is no day 0")
        return days


Repeated = Daily | Weekly | Monthly
Schedule = Annotated[ByHand | Once | Daily | Weekly | Monthly, Field(discriminator="kind")]
BY_HAND = ByHand()
_SCHEDULE: TypeAdapter[Schedule] = TypeAdapter(Schedule)


def document(schedule: Schedule) -> dict[str, Any]:
    """The schedule as it is stored."""
    kept = schedule.model_dump(mode="json", exclude_defaults=True)
    return {"version": VERSION, "schedule": {"kind": schedule.kind} | kept}


def parsed(written: object) -> Schedule:
    """The schedule of a document; raises ``UserError`` that names the part that is wrong."""
    if not isinstance(written, Mapping) or written.get("version") != VERSION or set(written) != {"version", "schedule"}:
        raise UserError(
            "This is not a schedule: {value}.",
            way_out="Look at docs/campaigns.md for how one is written.",
            field="schedule", value=shown(written),
        )  # fmt: skip
    try:
        return _SCHEDULE.validate_python(frozen(written["schedule"]))
    except ValidationError as wrong:
        where, value = first_mistake(wrong, "schedule")
        raise UserError(
            "The schedule is wrong at {where}: {value}.",
            way_out="Look at docs/campaigns.md for how one is written.",
            field="schedule", value=value, where=where,
        ) from wrong  # fmt: skip


def times_of(schedule: Schedule) -> tuple[time, ...]:
    """The times of day of a schedule, in order."""
    return () if isinstance(schedule, ByHand) else schedule.times
