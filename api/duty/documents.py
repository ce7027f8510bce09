"""The roster as the API tells of it."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contacts.models import Role
from escalation.roster.on_duty import OnDuty
from escalation.shifts import Holidays, ResponderAbsence, Shift, ShiftSwap


class ShiftDocument(BaseModel):
    """When somebody is on duty, in community time; for which homes, their areas say."""

    model_config = ConfigDict(title="Shift")

    id: UUID
    responder_id: UUID
    responder: str = Field(examples=["石磊"])
    weekday: int | None = Field(description="Every week on this day, 1 is Monday.", examples=[1])
    day: date | None = Field(description="Once, on this day.", examples=[None])
    begins: str = Field(examples=["08:00"])
    ends: str = Field(description="On the next day where it is no later than `begins`.", examples=["12:00"])
    holidays: Holidays


class SwapDocument(BaseModel):
    """A shift, as it begins on one day, is another responder's, and theirs for it the first one's."""

    model_config = ConfigDict(title="ShiftSwap")

    shift_id: UUID
    day: date
    of_responder_id: UUID
    to_responder_id: UUID
    for_shift_id: UUID | None
    for_day: date | None


class AbsenceDocument(BaseModel):
    """From when until when a responder is not there; `ends_at` null: until somebody ends it."""

    model_config = ConfigDict(title="ResponderAbsence")

    id: UUID
    responder_id: UUID
    responder: str = Field(examples=["石磊"])
    begins_at: datetime
    ends_at: datetime | None
    reason: str = Field(examples=["回老家"])


class ResponderOnDuty(BaseModel):
    """One of those who are asked first, in their order."""

    responder_id: UUID
    name: str = Field(examples=["石磊"])
    role: Role
    telephone: str = Field(examples=["+8613700000030"])
    is_on_duty: bool
    is_absent: bool


class OnDutyDocument(BaseModel):
    """Who is on duty for a home. `is_gap`: nobody is, though there is a roster, and these are all who may be asked."""

    model_config = ConfigDict(title="OnDuty")

    at: datetime
    is_gap: bool
    has_roster: bool
    responders: list[ResponderOnDuty]


def shift_document(shift: Shift) -> ShiftDocument:
    """One shift."""
    return ShiftDocument(
        id=shift.id, responder_id=shift.responder_id, responder=shift.responder.name, weekday=shift.weekday,
        day=shift.day, begins=f"{shift.begins:%H:%M}", ends=f"{shift.ends:%H:%M}", holidays=Holidays(shift.holidays),
    )  # fmt: skip


def swap_document(swap: ShiftSwap) -> SwapDocument:
    """One swap."""
    return SwapDocument(
        shift_id=swap.first_shift_id, day=swap.first_day, of_responder_id=swap.first_responder_id,
        to_responder_id=swap.second_responder_id, for_shift_id=swap.second_shift_id, for_day=swap.second_day,
    )  # fmt: skip


def absence_document(absence: ResponderAbsence) -> AbsenceDocument:
    """One absence."""
    return AbsenceDocument(
        id=absence.id, responder_id=absence.responder_id, responder=absence.responder.name,
        begins_at=absence.begins_at, ends_at=absence.ends_at, reason=absence.reason,
    )  # fmt: skip


def on_duty_document(found: OnDuty, at: datetime) -> OnDutyDocument:
    """The answer to who is on duty."""
    people = [
        ResponderOnDuty(
            responder_id=each.responder_id, name=each.name, role=Role(each.role), telephone=each.number,
            is_on_duty=each.responder_id in found.duty.on, is_absent=each.responder_id in found.duty.away,
        )
        for each in found.responders
    ]  # fmt: skip
    return OnDutyDocument(at=at, is_gap=found.is_gap, has_roster=found.duty.planned, responders=people)
