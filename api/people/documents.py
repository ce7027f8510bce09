"""People as documents: what the API tells of residents, homes, relatives and responders."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from contacts import queries
from contacts.abilities import Skill, Spoken
from contacts.models import Area, Household, Relative, Removal, Resident, Responder, Role, Wants
from contacts.people import absences
from contacts.people import consent as consenting
from contacts.profiles import address_of, area_written
from core.i18n import Language
from core.timbre import Timbre


class Home(BaseModel):
    """Where a home is, as the database spells it; `unit` is empty where the building has none."""

    building: str = Field(examples=["3"])
    unit: str = Field(examples=["2"])
    room: str = Field(examples=["501"])


class Absence(BaseModel):
    """Days of community time, both included, on which nobody rings; `last_day` null: until somebody ends it."""

    first_day: date
    last_day: date | None
    reason: str = Field(examples=["在女儿家"])


class RemovedNote(BaseModel):
    """Since when and why somebody is looked after no more."""

    at: datetime
    because: Removal
    note: str


class ResidentLine(BaseModel):
    """A resident as a list tells of them: nothing of their health, and not the way into their home."""

    model_config = ConfigDict(title="ResidentLine")

    id: UUID
    household_id: UUID
    name: str = Field(examples=["王桂兰"])
    called: str = Field(description="How the voice addresses them.", examples=["王奶奶"])
    home: Home
    telephones: list[str] = Field(description="E.164, the first is rung first.", examples=[["+8631186000101"]])
    flags: list[str] = Field(examples=[["lives_alone", "aged_80"]])
    language: Language
    agreed: bool = Field(description="Whether they have agreed to be called; without it they never are.")
    removed: RemovedNote | None


class ResidentFile(ResidentLine):
    """Everything that is written down about a resident. Who has read it is in the audit log."""

    model_config = ConfigDict(title="Resident")

    reading: str
    birth_year: int | None = Field(examples=[1941])
    pace: int | None = Field(description="Characters or words a minute; null for the usual pace.")
    voice: Timbre
    call_time: str | None = Field(description="When they wish to be rung, in community time.", examples=["09:30"])
    notes: str
    access_notes: str = Field(description="The way into their home, the same for everybody there.")
    absences: list[Absence]


class RelativeDocument(BaseModel):
    """Somebody close to a resident."""

    model_config = ConfigDict(title="Relative")

    id: UUID
    resident_id: UUID
    name: str = Field(examples=["王丽"])
    relation: str = Field(examples=["女儿"])
    telephone: str = Field(examples=["+8613800138000"])
    email: str = Field(examples=["wangli@example.org"])
    language: Language
    wants: Wants


class RelativeLinkDocument(BaseModel):
    """The link to a relative's page: whoever opens it first has it, so show it to nobody else."""

    model_config = ConfigDict(title="RelativeLink")

    address: str = Field(examples=["https://zaoan.example.org/f/abcdefghijklmnopqrstuvwx"])
    sent: bool


class LinksEndedDocument(BaseModel):
    """How many links of a relative are over now."""

    model_config = ConfigDict(title="LinksEnded")

    ended: int


class ResponderDocument(BaseModel):
    """Somebody who can go and help; their PIN is told to nobody."""

    model_config = ConfigDict(title="Responder")

    id: UUID
    name: str = Field(examples=["石磊"])
    role: Role
    telephone: str = Field(examples=["+8613700000030"])
    second_telephone: str | None
    areas: list[str] = Field(description="What they look after; empty for the whole community.", examples=[["3号楼"]])
    language: Language
    email: str
    chat_address: str
    languages: list[Spoken] = Field(description="What they speak besides `language`.", examples=[["cantonese"]])
    skills: list[Skill] = Field(description="What they can do.", examples=[["first_aid", "driving"]])
    has_pin: bool
    removed_at: datetime | None


def resident_lines(session: Session, residents: Sequence[Resident]) -> list[ResidentLine]:
    """Many residents of one community; a fixed number of statements."""
    tree = queries.areas(session, residents[0].community_id) if residents else {}
    return [ResidentLine(**_line(each, tree)) for each in residents]


def resident_file(session: Session, resident: Resident) -> ResidentFile:
    """One resident in full."""
    tree = queries.areas(session, resident.community_id)
    away = [Absence(first_day=each.first, last_day=each.last, reason=each.reason)
            for each in absences.absences(session, resident.id)]  # fmt: skip
    return ResidentFile(
        **_line(resident, tree), reading=resident.reading, birth_year=resident.birth_year, pace=resident.pace,
        voice=resident.timbre, call_time=f"{resident.call_time:%H:%M}" if resident.call_time else None,
        notes=resident.notes,
        access_notes=resident.household.access_notes, absences=away,
    )  # fmt: skip


def home_document(household: Household, tree: Mapping[UUID, Area]) -> Home:
    """Where a home is; ``tree`` holds the areas around it."""
    address = address_of(household, tree)
    return Home(building=address.building, unit=address.unit, room=address.room)


def relative_document(relative: Relative) -> RelativeDocument:
    """One relative."""
    return RelativeDocument(id=relative.id, resident_id=relative.resident_id, name=relative.name,
                            relation=relative.relation, telephone=relative.number, email=relative.email,
                            language=relative.language, wants=relative.wants)  # fmt: skip


def responder_documents(session: Session, responders: Sequence[Responder]) -> list[ResponderDocument]:
    """Many responders of one community."""
    tree = queries.areas(session, responders[0].community_id) if responders else {}
    return [
        ResponderDocument(
            id=each.id, name=each.name, role=each.role, telephone=each.number, second_telephone=each.second_number,
            areas=[area_written(area, tree).chinese for area in each.areas], language=each.language, email=each.email,
            chat_address=each.chat_address, languages=[Spoken(word) for word in each.languages],
            skills=[Skill(word) for word in each.skills], has_pin=each.pin is not None, removed_at=each.removed_at,
        )
        for each in responders
    ]  # fmt: skip


def _line(resident: Resident, tree: Mapping[UUID, Area]) -> dict[str, Any]:
    removed = None
    if resident.removed_at is not None:
        because = Removal(resident.removed_because or Removal.OTHER)
        removed = RemovedNote(at=resident.removed_at, because=because, note=resident.gone_note)
    return {
        "id": resident.id,
        "household_id": resident.household_id,
        "name": resident.name,
        "called": resident.called,
        "home": home_document(resident.household, tree),
        "telephones": [each.number for each in resident.phones],
        "flags": sorted(each.flag for each in resident.flags),
        "language": resident.language,
        "agreed": removed is None and bool(consenting.consents_in_force(resident)),
        "removed": removed,
    }
