"""The tables of people and places."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import clock
from core.i18n import Language
from core.ids import new_id
from core.storage.database import Base
from core.storage.encrypted import EncryptedBytes, EncryptedNumber, EncryptedPlace, EncryptedText
from core.storage.partial_indexes import partial_index
from core.timbre import Timbre

NOBODY = NOWHERE = "***"
"""The name of a resident whose details were erased, and the room in which such residents are kept."""


class AreaKind(StrEnum):
    """The levels of a community's tree of areas, widest first."""

    COMMUNITY = "community"
    GRID = "grid"
    BUILDING = "building"
    UNIT = "unit"


class Flag(StrEnum):
    """Why a resident needs looking after; a community may add words of its own beside these."""

    LIVES_ALONE = "lives_alone"
    EMPTY_NEST = "empty_nest"
    AGED_80 = "aged_80"
    AGED_90 = "aged_90"
    DISABLED = "disabled"
    CHRONIC_ILLNESS = "chronic_illness"
    HARD_OF_HEARING = "hard_of_hearing"
    NEWLY_DISCHARGED = "newly_discharged"
    CANNOT_PRESS_KEYS = "cannot_press_keys"


class Role(StrEnum):
    """What a responder is to the community."""

    VOLUNTEER = "volunteer"
    BUILDING_HEAD = "building_head"
    GRID_WORKER = "grid_worker"
    OFFICE = "office"
    NURSE = "nurse"
    POLICE_LIAISON = "police_liaison"


class Wants(StrEnum):
    """Which results of check-ins a relative wants to be told of.

    Of a problem everybody but ``NOTHING`` is told at once; ``DAILY`` and ``WEEKLY`` read all results of a day or a week
    in one digest besides.
    """

    EVERYTHING = "everything"
    PROBLEMS = "problems"
    DAILY = "daily"
    WEEKLY = "weekly"
    NOTHING = "nothing"


class Removal(StrEnum):
    """Why a resident is not looked after any more."""

    MOVED_AWAY = "moved_away"
    DECEASED = "deceased"
    OTHER = "other"


class Community(Base):
    """A neighbourhood (社区) with its zone, language and the hours in which residents may be rung.

    ``region`` and ``area_code`` complete telephone numbers written without them. On ``office_days`` (ISO digits, 1 is
    Monday) between ``office_from`` and ``office_until`` somebody is at the office's telephone. ``has_webhooks`` says
    whether systems outside are told anything, and ``has_roster`` whether any shift or absence of responders was ever
    written down, so that where there is none nothing more is asked.
    """

    __tablename__ = "communities"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(unique=True)
    timezone: Mapped[str]
    language: Mapped[Language]
    region: Mapped[str]
    area_code: Mapped[str]
    call_from: Mapped[time] = mapped_column(default=time(7, 30))
    call_until: Mapped[time] = mapped_column(default=time(21, 0))
    office_from: Mapped[time] = mapped_column(default=time(8, 30))
    office_until: Mapped[time] = mapped_column(default=time(17, 30))
    office_days: Mapped[str] = mapped_column(default="12345")
    has_webhooks: Mapped[bool] = mapped_column(default=False, server_default=false())
    has_roster: Mapped[bool] = mapped_column(default=False, server_default=false())


class Area(Base):
    """A node of the tree community → grid → building → unit; the root is the community itself."""

    __tablename__ = "areas"
    __table_args__ = (UniqueConstraint("parent_id", "kind", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"), index=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("areas.id"))
    kind: Mapped[AreaKind]
    name: Mapped[str] = mapped_column(EncryptedPlace)


class Household(Base):
    """One home, one file (一户一档): where it is and how to get in.

    ``key_holder`` is who else has a key, in words ("the neighbour opposite, Mrs Li"), ``key_holder_number`` their
    telephone (E.164), None where none is known.
    """

    __tablename__ = "households"
    __table_args__ = (
        UniqueConstraint("area_id", "room"),
        Index("ix_households_community_id", "community_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    area_id: Mapped[UUID] = mapped_column(ForeignKey("areas.id"))
    room: Mapped[str] = mapped_column(EncryptedPlace)
    access_notes: Mapped[str] = mapped_column(EncryptedText, default="")
    key_holder: Mapped[str] = mapped_column(EncryptedText, default="", server_default="")
    key_holder_number: Mapped[str | None] = mapped_column(EncryptedText)

    area: Mapped[Area] = relationship()


class Resident(Base):
    """A person who is rung in the morning.

    ``called`` is how the voice addresses them (王奶奶); ``reading`` how their family reads the first characters of the
    name, as syllables (``ge3``), empty where it is read as usual; ``call_time`` a wish of their own in community time;
    ``pace`` characters (Chinese) or words (English) a minute, None for the default;
    ``timbre`` is which of the synthetic voices they understand best. ``removed_at`` is since when they are not looked
    after any more (``removed_because`` is a ``Removal``), None for everybody who is: what they said before is kept.
    ``merged_into_id`` is the resident with whom they are one person who had been written down twice.
    ``erased_at`` is since when the row is nobody's any more, because all that told of a person was erased
    (``erasure_reason`` is why); what is left is what rounds are counted by.
    """

    __tablename__ = "residents"
    __table_args__ = (
        partial_index("ix_residents_gone", "removed_at", where="removed_at IS NOT NULL AND erased_at IS NULL"),
        Index("ix_residents_community_id", "community_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    household_id: Mapped[UUID] = mapped_column(ForeignKey("households.id"), index=True)
    name: Mapped[str]
    called: Mapped[str]
    reading: Mapped[str] = mapped_column(default="", server_default="")
    birth_year: Mapped[int | None]
    language: Mapped[Language]
    pace: Mapped[int | None]
    timbre: Mapped[Timbre] = mapped_column(default=Timbre.USUAL, server_default=Timbre.USUAL)
    call_time: Mapped[time | None]
    notes: Mapped[str] = mapped_column(EncryptedText, default="")
    removed_at: Mapped[datetime | None]
    removed_because: Mapped[Removal | None]
    removal_note: Mapped[str] = mapped_column(EncryptedText, default="", server_default="")
    merged_into_id: Mapped[UUID | None] = mapped_column(index=True)
    erased_at: Mapped[datetime | None]
    erasure_reason: Mapped[str] = mapped_column(default="", server_default="")

    community: Mapped[Community] = relationship()
    household: Mapped[Household] = relationship()
    phones: Mapped[list["Phone"]] = relationship(order_by="Phone.position")
    flags: Mapped[list["ResidentFlag"]] = relationship()
    consents: Mapped[list["Consent"]] = relationship(order_by="Consent.id")
    opt_outs: Mapped[list["OptOut"]] = relationship(order_by="OptOut.id")
    relatives: Mapped[list["Relative"]] = relationship(order_by="Relative.id")

    @property
    def numbers(self) -> list[str]:
        """The telephones (E.164) at which they may be rung, the first to be tried first."""
        return [phone.number for phone in self.phones if phone.state == PhoneState.GOOD]

    @property
    def gone_note(self) -> str:
        """What was written when they left; once they are erased, why that was done."""
        return self.erasure_reason or self.removal_note


class ResidentFlag(Base):
    """One flag of one resident."""

    __tablename__ = "resident_flags"

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    flag: Mapped[str] = mapped_column(primary_key=True)


class PhoneState(StrEnum):
    """Whether a telephone may be rung for its resident."""

    GOOD = "good"
    WRONG = "wrong"
    """Somebody else's, or nobody's."""
    OUT_OF_SERVICE = "out_of_service"
    """Theirs, and broken or cut off."""


class Phone(Base):
    """A number of a resident's, E.164; ``position`` 0 is tried first. Only one whose ``state`` is good is rung.

    ``state_since`` is since when it is not, as staff know it; None for a good one.
    """

    __tablename__ = "phones"
    __table_args__ = (UniqueConstraint("resident_id", "position"), UniqueConstraint("resident_id", "number"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    number: Mapped[str] = mapped_column(EncryptedNumber, index=True)
    position: Mapped[int]
    state: Mapped[PhoneState] = mapped_column(default=PhoneState.GOOD, server_default=PhoneState.GOOD)
    state_since: Mapped[datetime | None]


class ResidentHealth(Base):
    """What is known of a resident's health, apart from their file: it is shown only to whoever may see it."""

    __tablename__ = "resident_health"

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    notes: Mapped[str] = mapped_column(EncryptedText)


class RefusedNumber(Base):
    """A number (E.164) that the provider will never ring: the office is to correct it.

    ``code`` is the provider's reason. It is a fact about the number: whoever gets another one is rid of it.
    """

    __tablename__ = "refused_numbers"

    number: Mapped[str] = mapped_column(EncryptedNumber, primary_key=True)
    code: Mapped[int]
    refused_at: Mapped[datetime]


class Consent(Base):
    """The agreement without which nobody is called: who gave it, how, when, for what, and where it can be seen.

    ``statement`` is what is written into the list; ``given_by`` the resident or whoever may agree for them,
    ``recorded_by`` who wrote it down (an actor's facts), empty where a list said it. ``withdrawn_at`` ends it, by the
    opt-out ``opt_out_id``.
    """

    __tablename__ = "consents"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), index=True)
    statement: Mapped[str] = mapped_column(EncryptedText)
    given_by: Mapped[str] = mapped_column(EncryptedText, default="", server_default="")
    how: Mapped[str] = mapped_column(EncryptedText, default="", server_default="")
    given_at: Mapped[datetime | None]
    for_what: Mapped[str] = mapped_column(default="", server_default="")
    evidence: Mapped[str] = mapped_column(EncryptedText, default="", server_default="")
    recorded_by: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    opt_out_id: Mapped[UUID | None] = mapped_column(ForeignKey("opt_outs.id"))

    opt_out: Mapped["OptOut | None"] = relationship()


class OptOutSource(StrEnum):
    """Who has said that somebody is not to be called."""

    RESIDENT = "resident"
    """Themselves: by key, by text, in a call."""
    STAFF = "staff"
    """A person of the staff, to whom they or their family have said it."""
    LIST = "list"
    """The office's list, in whose column of consents a refusal is written; its later "yes" undoes it."""


class OptOut(Base):
    """“Please do not ring me any more”: who said so, how, and when; and who undid it, if anybody did (``lifted_at``).

    Except for one of the office's list, it is undone only by the explicit act of a person.
    """

    __tablename__ = "opt_outs"
    __table_args__ = (partial_index("ix_opt_outs_in_force", "resident_id", where="lifted_at IS NULL"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    source: Mapped[OptOutSource]
    said_by: Mapped[str] = mapped_column(EncryptedText, default="")
    how: Mapped[str] = mapped_column(EncryptedText, default="")
    recorded_by: Mapped[dict[str, Any]] = mapped_column(default=dict)
    said_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str] = mapped_column(EncryptedText, default="")
    lifted_how: Mapped[str] = mapped_column(EncryptedText, default="")


class LeftOut(StrEnum):
    """Why somebody whom a campaign is for is not rung."""

    NO_CONSENT = "no_consent"
    WITHDRAWN = "withdrawn"
    NO_NUMBER = "no_number"
    PAUSED = "paused"


class Pause(Base):
    """Days (community time, both ends included) on which a resident is not rung: "at my daughter's until Friday".

    Without a ``last_day`` it lasts until somebody ends it.
    """

    __tablename__ = "pauses"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    reason: Mapped[str] = mapped_column(EncryptedText, default="")


class Relative(Base):
    """Somebody close to a resident who is told how they are.

    ``wants_since`` is since when they want to be told just that; None where it was written down before that was kept.
    """

    __tablename__ = "relatives"
    __table_args__ = (UniqueConstraint("resident_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    name: Mapped[str] = mapped_column(EncryptedText)
    number: Mapped[str] = mapped_column(EncryptedNumber, index=True)
    relation: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(EncryptedText, default="", server_default="")
    language: Mapped[Language]
    wants: Mapped[Wants] = mapped_column(default=Wants.PROBLEMS, index=True)
    wants_since: Mapped[datetime | None] = mapped_column(default=clock.now)


class ResidentList(Base):
    """A list of residents that the office keeps for a purpose of its own: a choir, or a staircase without a lift."""

    __tablename__ = "resident_lists"
    __table_args__ = (UniqueConstraint("community_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    name: Mapped[str]


class ResidentListMember(Base):
    """One resident on one list."""

    __tablename__ = "resident_list_members"

    list_id: Mapped[UUID] = mapped_column(ForeignKey("resident_lists.id", ondelete="CASCADE"), primary_key=True)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), primary_key=True, index=True)


class ResidentsToldApart(Base):
    """Two residents who look like one person and, as staff have said, are two; ``first_id`` is the lower one."""

    __tablename__ = "residents_told_apart"

    first_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    second_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), primary_key=True, index=True)
    at: Mapped[datetime]


class Responder(Base):
    """Somebody who can go and help: their role, telephone and the areas they look after (none: the whole community).

    ``second_number`` is another telephone of theirs, rung where nobody answers at the first.
    ``pin`` is the slow hash of what they type when they ring in (see ``contacts.pins``), None where they have none.
    ``wrong_pins`` are the latest instants at which a wrong one was typed (see ``contacts.callers.pin_guesses``).
    ``languages`` are what they speak (see ``contacts.abilities``) besides the one in which they hear our calls, and
    ``skills`` what they can do.
    ``removed_at`` is since when they help no more, None for everybody who does: what they did before is kept.
    """

    __tablename__ = "responders"
    __table_args__ = (
        partial_index("uq_responders_number", "community_id", "number", where="removed_at IS NULL", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"), index=True)
    name: Mapped[str]
    role: Mapped[Role]
    number: Mapped[str] = mapped_column(EncryptedNumber, index=True)
    second_number: Mapped[str | None] = mapped_column(EncryptedNumber, index=True)
    email: Mapped[str] = mapped_column(EncryptedText, default="")
    chat_address: Mapped[str] = mapped_column(EncryptedText, default="")
    pin: Mapped[str | None]
    wrong_pins: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    pins_refused_until: Mapped[datetime | None]
    language: Mapped[Language]
    languages: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    skills: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    removed_at: Mapped[datetime | None]

    areas: Mapped[list[Area]] = relationship(secondary="responder_areas", order_by=Area.id)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Their telephones (E.164), the one that is rung first in front."""
        return (self.number, self.second_number) if self.second_number else (self.number,)

    @property
    def area_ids(self) -> frozenset[UUID]:
        """The areas they look after; none: the whole community."""
        return frozenset(area.id for area in self.areas)


class ResponderArea(Base):
    """One area that one responder looks after, with all that lies in it."""

    __tablename__ = "responder_areas"

    responder_id: Mapped[UUID] = mapped_column(ForeignKey("responders.id", ondelete="CASCADE"), primary_key=True)
    area_id: Mapped[UUID] = mapped_column(ForeignKey("areas.id"), primary_key=True, index=True)


class ImportDraft(Base):
    """A list that a user has sent and may import: the file, what they have written in place of some of its cells, and
    what it would do, as it was shown to them.

    ``checked_at`` is real time: it is kept for a short while only. ``done_at``: it was imported, ``content`` is
    gone, and ``plan`` is what it did. ``user_id`` None: the visitor of a demo. ``kind`` is whom the list tells of;
    ``left_out`` are the rows that were left out, as a document, None where there were none.
    """

    __tablename__ = "import_drafts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"), index=True)
    user_id: Mapped[UUID | None] = mapped_column(index=True)
    checked_at: Mapped[datetime] = mapped_column(index=True)
    done_at: Mapped[datetime | None]
    filename: Mapped[str] = mapped_column(EncryptedText)
    consent: Mapped[str] = mapped_column(EncryptedText)
    with_hidden: Mapped[bool]
    content: Mapped[bytes] = mapped_column(EncryptedBytes)
    cells: Mapped[str] = mapped_column(EncryptedText, default="")
    plan: Mapped[str] = mapped_column(EncryptedText, default="")
    kind: Mapped[str] = mapped_column(default="residents", server_default="residents")
    left_out: Mapped[str | None] = mapped_column(EncryptedText)


class ImportColumn(Base):
    """A column of lists that somebody has said to tell something: by the text of its header, as people read it.

    ``field`` is the header that is read in its place; None: the column tells nothing that is kept. ``kind`` is of
    which lists.
    """

    __tablename__ = "import_columns"
    __table_args__ = (UniqueConstraint("community_id", "kind", "header"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    kind: Mapped[str]
    header: Mapped[str]
    field: Mapped[str | None]
    made_at: Mapped[datetime]
