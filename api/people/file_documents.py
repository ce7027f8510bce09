"""The whole file of a resident as one document."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.people.documents import RelativeDocument, ResidentFile, relative_document, resident_file
from campaigns.people.resident_file import Status, standing
from contacts import ages
from contacts.models import Consent, OptOut, OptOutSource, Phone, PhoneState, Resident
from contacts.people.absences import local_today
from contacts.people.health_notes import health_notes
from contacts.phones import PhoneKind, kind_of
from contacts.queries import duplicates
from escalation import queries as escalation


class StandingDocument(BaseModel):
    """How they stand with us today, since and until when (null: open), and why."""

    status: Status
    since: date | None
    until: date | None
    reason: str


class PhoneDocument(BaseModel):
    """A telephone; `good` ones are rung in this order."""

    telephone: str = Field(description="E.164.", examples=["+8631186000101"])
    kind: PhoneKind
    state: PhoneState
    since: datetime | None = Field(description="Since when it is not good.")


class ConsentDocument(BaseModel):
    """What they have agreed to: who said so, how, when, for what, and where it can be seen."""

    given_by: str
    how: str
    given_at: datetime | None
    for_what: str
    evidence: str
    recorded_at: datetime
    withdrawn_at: datetime | None


class OptOutDocument(BaseModel):
    """That they wish no calls: who said so, how, and when; and whether somebody undid it."""

    source: OptOutSource
    said_by: str
    how: str
    said_at: datetime
    lifted_at: datetime | None
    lifted_by: str


class WholeFile(ResidentFile):
    """One household, one file: all that is known of a resident. `health` is null for whoever may not see it."""

    model_config = ConfigDict(title="ResidentWholeFile")

    standing: StandingDocument
    age: int | None = Field(description="How old they are, or become this year.", examples=[85])
    aged_80: bool | None
    aged_90: bool | None
    phones: list[PhoneDocument]
    key_holder: str
    key_holder_telephone: str | None
    relatives: list[RelativeDocument]
    consents: list[ConsentDocument]
    opt_outs: list[OptOutDocument]
    open_cases: list[UUID]
    merged: list[UUID] = Field(description="Files of the same person that were merged into this one.")
    health: str | None = Field(description="Needs the scope `health:read`; null without it.")


def whole_file(session: Session, resident: Resident, *, with_health: bool) -> WholeFile:
    """Everything that is written down about one resident."""
    year, now = local_today(session, resident).year, standing(session, resident)
    return WholeFile(
        **resident_file(session, resident).model_dump(),
        standing=StandingDocument(status=now.status, since=now.since, until=now.until, reason=now.reason),
        age=ages.age(resident.birth_year, year),
        aged_80=ages.is_at_least(ages.VERY_OLD, resident.birth_year, year),
        aged_90=ages.is_at_least(ages.OLDEST, resident.birth_year, year),
        phones=[_phone(each) for each in resident.phones],
        key_holder=resident.household.key_holder,
        key_holder_telephone=resident.household.key_holder_number,
        relatives=[relative_document(each) for each in resident.relatives],
        consents=_consents(resident.consents),
        opt_outs=_opt_outs(resident.opt_outs),
        open_cases=[each.id for each in escalation.unclosed_cases(session, [resident.id])],
        merged=list(duplicates.merged_into(session, resident.id)),
        health=health_notes(session, resident.id) if with_health else None,
    )


def _phone(phone: Phone) -> PhoneDocument:
    return PhoneDocument(telephone=phone.number, kind=kind_of(phone.number), state=phone.state, since=phone.state_since)


def _consents(consents: Sequence[Consent]) -> list[ConsentDocument]:
    return [
        ConsentDocument(given_by=each.given_by, how=each.how or each.statement, given_at=each.given_at,
                        for_what=each.for_what, evidence=each.evidence, recorded_at=each.recorded_at,
                        withdrawn_at=each.withdrawn_at)
        for each in consents
    ]  # fmt: skip


def _opt_outs(opt_outs: Sequence[OptOut]) -> list[OptOutDocument]:
    return [
        OptOutDocument(source=each.source, said_by=each.said_by, how=each.how, said_at=each.said_at,
                       lifted_at=each.lifted_at, lifted_by=each.lifted_by)
        for each in opt_outs
    ]  # fmt: skip
