"""What is sent about the roster; times of day are community time."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from api.people.bodies import Body, Words
from escalation.shifts import Holidays

TimeOfDay = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]


class ShiftFields(Body):
    """When a shift is: every week on `weekday` (1 is Monday), or once on `day`."""

    weekday: int | None = Field(None, ge=1, le=7, examples=[1])
    day: date | None = Field(None, examples=[None])


class NewShift(ShiftFields):
    """A shift of a responder; one that ends no later than it begins ends on the next day."""

    responder_id: UUID
    begins: TimeOfDay = Field(examples=["08:00"])
    ends: TimeOfDay = Field(examples=["12:00"])
    holidays: Holidays = Field(
        Holidays.ALSO, description="What public holidays are to a weekly shift.", examples=["not"]
    )


class ShiftChange(ShiftFields):
    """What is different about a shift from now on; what is not told stays. `weekday` takes the place of `day`."""

    begins: TimeOfDay | None = Field(None, examples=["09:00"])
    ends: TimeOfDay | None = Field(None, examples=["12:00"])
    holidays: Holidays | None = Field(None, examples=["also"])


class SwapBody(Body):
    """Who takes the shift on which day, and which shift of theirs is taken for it on which day, if any."""

    day: date = Field(description="The day on which the shift begins.", examples=["2026-12-05"])
    responder_id: UUID = Field(description="Who takes it.")
    for_shift_id: UUID | None = Field(None, examples=[None])
    for_day: date | None = Field(None, examples=[None])


class SwapDay(Body):
    """The day on which the swapped shift begins."""

    day: date = Field(examples=["2026-12-05"])


class NewAbsence(Body):
    """From when until when a responder is not there; without `ends_at` until somebody ends it."""

    responder_id: UUID
    begins_at: AwareDatetime = Field(examples=["2026-12-05T00:00:00+08:00"])
    ends_at: AwareDatetime | None = Field(None, examples=["2026-12-08T00:00:00+08:00"])
    reason: Words = Field("", examples=["回老家"])
