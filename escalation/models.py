"""The tables of cases and pages."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, literal_column
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

import ivr.models  # noqa: F401  (and to these)
from contacts.models import Resident
from core.ids import new_id
from core.storage.database import Base
from core.storage.encrypted import EncryptedNumber, EncryptedText
from core.storage.partial_indexes import partial_index
from escalation.findings import Finding


class CaseKind(StrEnum):
    """What is wrong; every outcome of a check-in that is not quiet has its kind.

    A ``message`` is what an unknown caller has left on a recording, or what somebody has written to us: a person has to
    listen or read. ``wants_no_calls``: the resident has said "please do not call me", and it has been honoured.
    ``notice_not_heard``: a message did not reach them for certain; it waits for the office, and nobody is rung.
    ``not_asked``: residents of one round whom nobody has rung, because the time for it was over; one case for all.
    ``silence_cluster``: an unusual share of one building, exchange or line was not reached in one round; one case for
    what they have in common, besides the case of each.
    """

    UNWELL = "unwell"
    NO_KEY = "no_key"
    WANTS_PERSON = "wants_person"
    NEEDS_SUPPLIES = "needs_supplies"
    HUNG_UP = "hung_up"
    VOICEMAIL = "voicemail"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    MESSAGE = "message"
    WANTS_NO_CALLS = "wants_no_calls"
    NOTICE_NOT_HEARD = "notice_not_heard"
    NOT_ASKED = "not_asked"
    SILENCE_CLUSTER = "silence_cluster"


ABOUT_MANY = frozenset({CaseKind.NOT_ASKED, CaseKind.SILENCE_CLUSTER})
"""Kinds of cases that are about several residents, of whom ``Case.people`` says how many."""


class Need(StrEnum):
    """What a resident needs who needs something; ``own_words``: they have said it on the case's recording."""

    GROCERIES = "groceries"
    MEDICINE = "medicine"
    HOUSEHOLD = "household"
    OWN_WORDS = "own_words"


class CaseState(StrEnum):
    """Open until a person accepts; closed only by a person. ``on_site``: at the door; ``on_phone``: they talk."""

    OPEN = "open"
    ACCEPTED = "accepted"
    ON_THE_WAY = "on_the_way"
    ON_SITE = "on_site"
    ON_PHONE = "on_phone"
    CLOSED = "closed"


HELD = frozenset({CaseState.ACCEPTED, CaseState.ON_THE_WAY, CaseState.ON_SITE, CaseState.ON_PHONE})
"""States in which one responder, ``Case.accepted_by_id``, has the case in hand."""


class PageState(StrEnum):
    """What came of asking one responder once. Only ``accepted`` counts as delivered.

    ``not_rung``: the call was never made, so that nothing is known, or said, of the responder.
    """

    CALLING = "calling"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNANSWERED = "unanswered"
    NOT_RUNG = "not_rung"
    WITHDRAWN = "withdrawn"


class Case(Base):
    """Something that a person has to deal with. ``look_at`` is when the ladder looks at it next, None when it need not.

    ``check_in_id`` is the check-in it came from; there is at most one case for each. ``caller`` is whoever told us of
    it without our being certain who they are (E.164, or ``withheld``), None where the resident's own telephone did.
    ``needs`` (see ``Need``) is what they have said they need, in the order in which they said it. ``finding`` (see
    ``Finding``) and ``note`` are what the person who closed it has found; the note may say anything, and stays here.
    ``round_id`` is the round of which ``people`` residents were not asked; there is at most one such case for each. Of
    a silence cluster ``people`` are those who are still silent.
    ``campaign_id`` is the campaign whose policies it goes by, None where it came of nobody's round. ``past_pages``
    counts the pages that are no longer kept.
    ``first_accepted_at`` is when it was accepted for the first time, whoever has it now (``accepted_at`` is of those).
    Whoever has it in hand said the last word of how it goes at ``moved_at``, and was reminded at ``reminded_at``;
    ``handing_to_id`` is the responder who is asked to take it over. ``climbs_from`` is since when its ladder counts
    whom it has asked (None: from its beginning). ``merged_into_id`` is the case that goes on for this one, which is
    closed without a finding. ``ring_call_id`` is the call by which staff have had the resident rung last.
    """

    __tablename__ = "cases"
    __table_args__ = (
        partial_index("ix_cases_look_at", "look_at", where="look_at IS NOT NULL"),
        partial_index("ix_cases_unclosed", "urgency", "opened_at", where="state != 'closed'"),
        partial_index("ix_cases_opened_at", "opened_at", where="merged_into_id IS NULL"),
        partial_index("ix_cases_closed_at", "closed_at", where="closed_at IS NOT NULL"),
        partial_index("uq_cases_round", "round_id", where="round_id IS NOT NULL", unique=True),
        partial_index("ix_cases_recording_id", "recording_id", where="recording_id IS NOT NULL"),
        partial_index("ix_cases_merged_into_id", "merged_into_id", where="merged_into_id IS NOT NULL"),
        partial_index("ix_cases_ring_call_id", "ring_call_id", where="ring_call_id IS NOT NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    resident_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"), index=True)
    recording_id: Mapped[UUID | None] = mapped_column(ForeignKey("recordings.id"))
    caller: Mapped[str | None] = mapped_column(EncryptedNumber)
    needs: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    check_in_id: Mapped[UUID | None] = mapped_column(unique=True)
    round_id: Mapped[UUID | None]
    campaign_id: Mapped[UUID | None]
    people: Mapped[int | None]
    kind: Mapped[CaseKind]
    state: Mapped[CaseState]
    urgency: Mapped[int]
    opened_at: Mapped[datetime]
    look_at: Mapped[datetime | None]
    accepted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("responders.id"))
    accepted_at: Mapped[datetime | None]
    first_accepted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(EncryptedText, default="")
    finding: Mapped[Finding | None]
    past_pages: Mapped[int] = mapped_column(default=0, server_default="0")
    moved_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    handing_to_id: Mapped[UUID | None]
    climbs_from: Mapped[datetime | None]
    merged_into_id: Mapped[UUID | None]
    ring_call_id: Mapped[UUID | None]

    resident: Mapped[Resident | None] = relationship()
    pages: Mapped[list["Page"]] = relationship(order_by="Page.asked_at, Page.id", back_populates="case")

    @hybrid_property
    def is_unclosed(self) -> bool:
        """Whether somebody still has to deal with it; in a query, the words of the index of such cases."""
        return self.state != CaseState.CLOSED

    @is_unclosed.inplace.expression
    @classmethod
    def _is_unclosed(cls) -> ColumnElement[bool]:
        return cls.state != literal_column(f"'{CaseState.CLOSED}'")


class CaseNote(Base):
    """What somebody has written on a case while it goes on, or why they have opened it again; it stays in the office.

    The event that tells of it names it; whose it is stands there.
    """

    __tablename__ = "case_notes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    at: Mapped[datetime]
    body: Mapped[str] = mapped_column(EncryptedText)


class PolicyOverride(Base):
    """What a community, or one of its campaigns, wants done otherwise than the policies beneath say.

    ``kind`` is a kind of case, or ``every``; ``terms`` are those of ``policies.toml`` that differ. There is at most one
    of each kind for a community as a whole (``campaign_id`` None), and one for each of its campaigns.
    """

    __tablename__ = "policy_overrides"
    __table_args__ = (
        partial_index(
            "uq_policy_overrides_community", "community_id", "kind", where="campaign_id IS NULL", unique=True
        ),
        partial_index(
            "uq_policy_overrides_campaign", "campaign_id", "kind", where="campaign_id IS NOT NULL", unique=True
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    campaign_id: Mapped[UUID | None]
    kind: Mapped[str]
    terms: Mapped[dict[str, Any]]


class Page(Base):
    """One attempt to reach one responder about one case; the call that carries it may carry pages about others too."""

    __tablename__ = "pages"
    __table_args__ = (
        partial_index("uq_pages_live", "responder_id", "case_id", where="state = 'calling'", unique=True),
        Index("ix_pages_responder_asked", "responder_id", "asked_at"),
        UniqueConstraint("call_id", "case_id", name="uq_pages_call_case"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    responder_id: Mapped[UUID] = mapped_column(ForeignKey("responders.id"))
    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"))
    state: Mapped[PageState]
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(back_populates="pages")


class TruthCall(Base):
    """The one call that tells a resident the truth: that nobody has been able to come yet; at most one for each case.

    ``said_at`` is when they said that they are unwell. ``due_at`` is when they are rung if nobody has accepted by then,
    None once ``call_id`` was made for it or it is not needed any more.
    """

    __tablename__ = "truth_calls"
    __table_args__ = (partial_index("ix_truth_calls_due", "due_at", where="due_at IS NOT NULL"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    said_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    call_id: Mapped[UUID | None] = mapped_column(ForeignKey("calls.id"), unique=True)


class Writer(StrEnum):
    """Who wrote a text that came in, as far as their number tells."""

    RESIDENT = "resident"
    RELATIVE = "relative"
    RESPONDER = "responder"
    SHARED = "shared"
    """The telephone is that of several people, or of one in several roles: which of them wrote is not known."""
    UNKNOWN = "unknown"


class CaseText(Base):
    """A text that came in and belongs to a case, for whoever looks after it to read; ``name`` is the writer's."""

    __tablename__ = "case_texts"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    text_id: Mapped[UUID] = mapped_column(ForeignKey("texts_in.id"), primary_key=True)
    writer: Mapped[Writer]
    name: Mapped[str] = mapped_column(EncryptedText, default="")


class News(StrEnum):
    """What a text to a relative tells: how a resident is, or what became of a problem that they were told of."""

    WELL = "well"
    PROBLEM = "problem"
    TAKEN = "taken"
    RETURNED = "returned"
    ANSWERED = "answered"
    CLOSED = "closed"
    DIGEST = "digest"
    """Everything of a day or a week; see ``Digest``."""


class Report(Base):
    """One text to one relative about a resident; ``case_id`` is what it is about, None when all is well.

    ``news`` (see ``News``) is what it tells, ``outcome`` the check-in's (of a closed case the finding, of a digest the
    wish), and ``at`` the instant it speaks of; ``relative_id`` stays when a list is imported without the relative.
    """

    __tablename__ = "reports"

    text_id: Mapped[UUID] = mapped_column(ForeignKey("texts.id"), primary_key=True)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"), index=True)
    relative_id: Mapped[UUID]
    news: Mapped[News]
    outcome: Mapped[str]
    at: Mapped[datetime]


class Digest(Base):
    """What one relative was told of the time until ``told_until`` in one text; there is at most one for each due day.

    ``due_on`` is the day of community time on whose evening it was due. ``text_id`` is the text, None where there was
    nothing to tell, and stays when the text is kept no more, as ``relative_id`` does when the relative is taken away.
    """

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("relative_id", "due_on"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), index=True)
    relative_id: Mapped[UUID]
    due_on: Mapped[date]
    told_until: Mapped[datetime] = mapped_column(index=True)
    text_id: Mapped[UUID | None]
