"""Every SELECT of cases and pages."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased, contains_eager, selectinload

from contacts import queries as contacts
from contacts.models import Phone, Resident, Responder
from core.storage.literals import literal_state
from escalation.models import (
    HELD,
    Case,
    CaseKind,
    CaseNote,
    CaseState,
    CaseText,
    News,
    Page,
    PageState,
    PolicyOverride,
    Report,
    TruthCall,
)
from escalation.policies import Policies, Policy, Table, kinds_of
from escalation.queries.paging import BEING_ASKED, UNHEARD
from ivr.models import Call, Ending, Recording, RecordingState, Text, TextIn
from ivr.sms.delivery_state import FAILURES

_LED_TO = aliased(Case)
_OF_CHECK_IN = (
    select(Case)
    .join(_LED_TO, Case.id == func.coalesce(_LED_TO.merged_into_id, _LED_TO.id))
    .where(_LED_TO.check_in_id == bindparam("check_in_id"))
)
_LEADS_HERE = exists().where(
    _LED_TO.check_in_id == bindparam("check_in_id"), func.coalesce(_LED_TO.merged_into_id, _LED_TO.id) == Case.id
)
_KNOWN_OR_ALIKE = (
    select(Case, _LEADS_HERE)
    .where(
        Case.id.in_(
            union_all(
                select(func.coalesce(_LED_TO.merged_into_id, _LED_TO.id)).where(
                    _LED_TO.check_in_id == bindparam("check_in_id")
                ),
                select(Case.id).where(
                    Case.resident_id == bindparam("resident_id"), Case.is_unclosed, Case.kind == bindparam("kind")
                ),
            )
        )
    )
    .order_by(Case.opened_at, Case.id)
)
_LATEST_OF_LEGS = (
    select(Page)
    .join(Call, Call.id == Page.call_id)
    .where(Call.parent_id == bindparam("parent_id"))
    .order_by(Page.asked_at.desc(), Page.id.desc())
    .limit(1)
)
_CALL_AND_LEGS = union_all(
    select(Page.case_id).where(Page.call_id == bindparam("call_id")),
    select(Page.case_id).join(Call, Call.id == Page.call_id).where(Call.parent_id == bindparam("call_id")),
)
_DUE_CASE = (
    select(Case)
    .where(Case.id == bindparam("case_id"), Case.look_at <= bindparam("now"))
    .with_for_update(skip_locked=True, key_share=True)
)
_CASES_OF_CALL = select(Case.id).where(Case.id.in_(_CALL_AND_LEGS)).order_by(Case.id).with_for_update(key_share=True)
"""What every end of a call, and each ladder, asks for is composed once."""
_UNDIALLED = exists().where(Call.id == Page.call_id, Call.ending == Ending.NOT_WANTED)
"""Pages whose call has left the queue without being dialled: they have asked nobody."""


def case_of_check_in(session: Session, check_in_id: UUID) -> Case | None:
    """The case that a check-in has led to; where that was merged into another one, that one."""
    return session.scalars(_OF_CHECK_IN, {"check_in_id": check_in_id}).one_or_none()


def known_or_alike(
    session: Session, check_in_id: UUID, resident_id: UUID, kind: CaseKind
) -> tuple[Case | None, Case | None]:
    """The case that a check-in has led to, and the oldest of this kind about the resident that nobody has closed."""
    asked = {"check_in_id": check_in_id, "resident_id": resident_id, "kind": kind}
    found = session.execute(_KNOWN_OR_ALIKE, asked).all()
    alike = (case for case, _ in found if case.is_unclosed and case.kind == kind)
    return next((case for case, leads_here in found if leads_here), None), next(alike, None)


def case_of_round(session: Session, round_id: UUID) -> Case | None:
    """The case of a round's residents who were not asked."""
    return session.scalars(select(Case).where(Case.round_id == round_id)).one_or_none()


def cases_of_check_ins(session: Session, check_in_ids: Sequence[UUID]) -> Sequence[Case]:
    """The cases of many check-ins, with their pages; also those that were merged into others (see ``kept``)."""
    return session.scalars(
        select(Case).where(Case.check_in_id.in_(check_in_ids)).options(selectinload(Case.pages))
    ).all()


def kept(session: Session, cases: Sequence[Case]) -> dict[UUID, Case]:
    """For each of these cases the one that goes on for it: itself, or into which it was merged, with its pages."""
    known = {each.id: each for each in cases}
    missing = {each.merged_into_id for each in cases if each.merged_into_id} - known.keys()
    if missing:
        found = select(Case).where(Case.id.in_(missing)).options(selectinload(Case.pages))
        known |= {each.id: each for each in session.scalars(found)}
    return {each.id: known[each.merged_into_id or each.id] for each in cases}


def merged_into(session: Session, case_id: UUID) -> Sequence[Case]:
    """The cases that were merged into this one, the oldest first."""
    found = select(Case).where(Case.merged_into_id == case_id)
    return session.scalars(found.order_by(Case.opened_at, Case.id)).all()


def notes(session: Session, case_ids: Sequence[UUID]) -> dict[UUID, str]:
    """By its id, what was written on these cases."""
    return {each.id: each.body for each in session.scalars(select(CaseNote).where(CaseNote.case_id.in_(case_ids)))}


def case_rung_by(session: Session, call_id: UUID) -> Case | None:
    """The case about which staff have had its resident rung by this call."""
    return session.scalars(select(Case).where(Case.ring_call_id == call_id)).one_or_none()


def ladders_due(session: Session, now: datetime, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Cases whose ladder is due, most urgent first, with their communities."""
    due = select(Case.id, Case.community_id).where(Case.look_at <= now)
    rows = session.execute(due.order_by(Case.urgency, Case.opened_at).limit(limit))
    return [(case_id, community_id) for case_id, community_id in rows]


def case_to_look_at(session: Session, case_id: UUID, now: datetime) -> Case | None:
    """The case, held, if its ladder is still due; None while somebody else holds it."""
    return session.scalars(_DUE_CASE, {"case_id": case_id, "now": now}).one_or_none()


def truth_calls_due(session: Session, now: datetime, limit: int) -> Sequence[TruthCall]:
    """Truth calls whose five minutes are over, the longest waiting first; held until the transaction ends."""
    due = select(TruthCall).where(TruthCall.due_at <= now).order_by(TruthCall.due_at).limit(limit)
    return session.scalars(due.with_for_update(skip_locked=True)).all()


def truth_of_call(session: Session, call_id: UUID) -> TruthCall | None:
    """The truth that a call tells."""
    return session.scalars(select(TruthCall).where(TruthCall.call_id == call_id)).one_or_none()


def accepted_until(session: Session, instant: datetime) -> Sequence[Case]:
    """Accepted cases whose time to be closed ends by then."""
    accepted = Case.state.in_(HELD)
    return session.scalars(select(Case).where(accepted, Case.look_at <= instant)).all()


def count_open(session: Session) -> int:
    """How many cases nobody has accepted."""
    return session.scalar(select(func.count()).where(Case.state == CaseState.OPEN)) or 0


def next_look(session: Session) -> datetime | None:
    """When the next ladder is due."""
    return session.scalar(select(func.min(Case.look_at)))


def responders_being_asked(session: Session) -> set[UUID]:
    """Responders who are being asked about a case, or are about to be."""
    return set(session.scalars(BEING_ASKED))


def ringing(session: Session, owner: str) -> Sequence[tuple[UUID, UUID]]:
    """Responders whose call of pages nobody has picked up yet, with their communities."""
    found = (
        select(Page.responder_id, Responder.community_id)
        .join(Responder, Responder.id == Page.responder_id)
        .join(Call, Call.id == Page.call_id)
        .where(Page.state == literal_state(PageState.CALLING), Call.owner == owner, *UNHEARD)
        .distinct()
    )
    return [(responder_id, community_id) for responder_id, community_id in session.execute(found)]


def is_any_untold(session: Session, policies: Policies, before: datetime) -> bool:
    """Whether nobody is being asked about an open case that was opened before then."""
    being_asked = exists().where(Page.case_id == Case.id, Page.state == literal_state(PageState.CALLING))
    untold = exists(select(Case.id).where(Case.is_unclosed, Case.state == CaseState.OPEN, Case.opened_at <= before,
                                          _of_policy(policies, _rings), ~being_asked))  # fmt: skip
    return bool(session.scalar(select(untold)))


def hold_cases_of_call(session: Session, call_id: UUID) -> None:
    """Holds the cases of a call's pages, and of those of its legs, against whoever would change them."""
    session.execute(_CASES_OF_CALL, {"call_id": call_id})


def case_held(session: Session, case_id: UUID) -> Case | None:
    """The case as it is now, held until the transaction ends."""
    held = select(Case).where(Case.id == case_id).with_for_update(key_share=True)
    return session.scalars(held.execution_options(populate_existing=True)).one_or_none()


def waiting_cases(session: Session, policies: Policies, responder: Responder, limit: int) -> Sequence[Case]:
    """Open cases nobody is being asked about that this responder could be rung for, most urgent first."""
    waiting = _waiting_for(responder).where(_of_policy(policies, _rings))
    return session.scalars(waiting.order_by(Case.urgency, Case.opened_at).limit(limit)).all()


def cases_to_add(
    session: Session,
    policies: Policies,
    responder: Responder,
    may_hear: Callable[[Policy], bool],
    before: datetime,
    limit: int,
    *,
    for_ever: bool,
) -> Sequence[Case]:
    """Of the waiting cases those that one call to the responder could tell of besides: they ``may_hear`` of them by
    their policy, have not declined them, nor (unless ``for_ever``) been asked as often as that says, and the case was
    opened before then. Held; what others hold is left out.
    """
    theirs = select(func.count()).where(Page.case_id == Case.id, Page.responder_id == responder.id, ~_UNDIALLED,
                                        Page.asked_at >= func.coalesce(Case.climbs_from, Page.asked_at))  # fmt: skip
    waiting = _waiting_for(responder).where(_of_policy(policies, may_hear), Case.opened_at <= before)
    waiting = waiting.where(theirs.where(Page.state == PageState.DECLINED).scalar_subquery() == 0)
    if not for_ever:
        waiting = waiting.where(or_(*_asked_less_often(policies, theirs.scalar_subquery())))
    waiting = waiting.order_by(Case.urgency, Case.opened_at).limit(limit)
    return session.scalars(waiting.with_for_update(of=Case, skip_locked=True, key_share=True)).all()


def _waiting_for(responder: Responder) -> Select[Case]:
    being_asked = exists().where(Page.case_id == Case.id, Page.state == literal_state(PageState.CALLING))
    waiting = select(Case).where(
        Case.community_id == responder.community_id,
        Case.is_unclosed,
        Case.state == CaseState.OPEN,
        ~being_asked,
        _about_another(responder.numbers),
    )
    return waiting.where(_within(responder.area_ids)) if responder.areas else waiting


def loose_case(session: Session, resident_id: UUID) -> Case | None:
    """The latest case that came of what a resident is said to need outside a check-in and that nobody has closed."""
    return session.scalars(
        select(Case)
        .where(Case.resident_id == resident_id, Case.check_in_id.is_(None), Case.is_unclosed)
        .where(Case.kind.not_in([CaseKind.MESSAGE, CaseKind.WANTS_NO_CALLS]))
        .order_by(Case.opened_at.desc())
        .limit(1)
    ).one_or_none()


def cases_for(session: Session, policies: Policies, responder: Responder, limit: int) -> Sequence[Case]:
    """What this responder has accepted and not closed, then what nobody has accepted in their area; urgent first.

    What stands on the office's page is taken there, and what is about whoever has their telephone is for others.
    """
    theirs = and_(Case.state.in_(HELD), Case.accepted_by_id == responder.id)
    nobodys = and_(Case.state == CaseState.OPEN, Case.community_id == responder.community_id,
                   _of_policy(policies, _rings), _about_another(responder.numbers))  # fmt: skip
    if responder.areas:
        nobodys = and_(nobodys, _within(responder.area_ids))
    order = ((Case.state == CaseState.OPEN), Case.urgency, Case.opened_at)
    return session.scalars(select(Case).where(Case.is_unclosed, theirs | nobodys).order_by(*order).limit(limit)).all()


def policy_overrides(session: Session) -> Sequence[PolicyOverride]:
    """Every policy that is otherwise than the shipped one, in a fixed order."""
    return session.scalars(select(PolicyOverride).order_by(PolicyOverride.id)).all()


def _of_policy(policies: Policies, holds: Callable[[Policy], bool]) -> ColumnElement[bool]:
    """Cases of whose policy, that of their campaign, community and kind, this holds."""

    def of(table: Table) -> ColumnElement[bool]:
        return Case.kind.in_(kinds_of(table, holds))

    campaigns_first = sorted(policies.others.items(), key=lambda other: other[0][1] is None)
    scopes = [(and_(Case.community_id == community_id, *([Case.campaign_id == campaign_id] if campaign_id else [])),
               of(table)) for (community_id, campaign_id), table in campaigns_first]  # fmt: skip
    return case(*scopes, else_=of(policies.shipped)) if scopes else of(policies.shipped)


def _rings(policy: Policy) -> bool:
    return policy.rings


def _asked_less_often(policies: Policies, times: ColumnElement[int]) -> list[ColumnElement[bool]]:
    """Cases about which somebody has been asked fewer ``times`` than the rounds of their policy."""
    every = {policy.rounds for table in (policies.shipped, *policies.others.values()) for policy in table.values()}
    return [and_(_of_policy(policies, partial(_has_rounds, rounds)), times < rounds) for rounds in sorted(every)]


def _has_rounds(rounds: int, policy: Policy) -> bool:
    return policy.rounds == rounds


def _about_another(numbers: Collection[str]) -> ColumnElement[bool]:
    """Cases of residents who have other telephones than these."""
    return ~exists().where(Phone.resident_id == Case.resident_id, Phone.number.in_(numbers))


def _within(area_ids: Collection[UUID]) -> ColumnElement[bool]:
    """Cases of residents of these areas, and those about nobody knows whom; asked of each case that is still open."""
    inside = contacts.residents_within(area_ids).where(Resident.id == Case.resident_id).correlate(Case)
    return or_(Case.resident_id.is_(None), inside.exists())


def pages_of(session: Session, case_id: UUID) -> Sequence[Page]:
    """The pages of a case, oldest first."""
    return session.scalars(select(Page).where(Page.case_id == case_id).order_by(Page.asked_at, Page.id)).all()


def pages_of_call(session: Session, call_id: UUID) -> Sequence[Page]:
    """The pages that a call carries, with their cases, the most urgent first."""
    pages = select(Page).join(Page.case).where(Page.call_id == call_id).options(contains_eager(Page.case))
    return session.scalars(pages.order_by(Case.urgency, Case.opened_at, Case.id)).all()


def page_of(session: Session, call_id: UUID, case_id: UUID) -> Page | None:
    """What became of asking about a case in this call, if it was asked."""
    return session.scalars(select(Page).where(Page.call_id == call_id, Page.case_id == case_id)).one_or_none()


def page_of_call(session: Session, call_id: UUID) -> Page | None:
    """The page that a leg carries."""
    return session.scalars(select(Page).where(Page.call_id == call_id)).one_or_none()


def with_expired_recording(session: Session, closed_before: datetime, limit: int) -> Sequence[Case]:
    """Cases closed before then whose recording is still with us, and with us alone."""
    return session.scalars(
        select(Case)
        .where(Case.recording_id.in_(select(Recording.id).where(Recording.is_kept)))
        .where(Case.state == CaseState.CLOSED, Case.closed_at < closed_before)
        .order_by(Case.closed_at)
        .limit(limit)
        .with_for_update(of=Case, skip_locked=True)
    ).all()


def recording_states(session: Session, recording_ids: Sequence[UUID]) -> dict[UUID, RecordingState]:
    """Where each of these recordings is."""
    found = session.execute(select(Recording.id, Recording.state).where(Recording.id.in_(recording_ids)))
    return {recording_id: RecordingState(state) for recording_id, state in found}


def page_of_leg(session: Session, parent_id: UUID) -> Page | None:
    """The latest page that was carried by a leg of this call."""
    return session.scalars(_LATEST_OF_LEGS, {"parent_id": parent_id}).one_or_none()


def cases(session: Session, state: CaseState | None, kind: str | None, limit: int = 500) -> Sequence[Case]:
    """Cases with their pages, most urgent first, then oldest."""
    query = select(Case).where(Case.merged_into_id.is_(None)).options(selectinload(Case.pages))
    query = query.order_by(Case.urgency, Case.opened_at).limit(limit)
    if state is not None:
        query = query.where(Case.state == state)
    if kind is not None:
        query = query.where(Case.kind == kind)
    return session.scalars(query).all()


def cases_since(session: Session, since: datetime) -> Sequence[Case]:
    """Cases that are not closed or were closed since then, with their pages, most urgent first, then oldest."""
    ids = union_all(select(Case.id).where(Case.is_unclosed), select(Case.id).where(Case.closed_at >= since))
    return session.scalars(
        select(Case).where(Case.id.in_(ids)).options(selectinload(Case.pages)).order_by(Case.urgency, Case.opened_at)
    ).all()


def cases_by_id(session: Session, ids: Sequence[UUID]) -> dict[UUID, Case]:
    """Those of these cases that exist, without their pages."""
    return {found.id: found for found in session.scalars(select(Case).where(Case.id.in_(ids)))}


def unclosed_cases(session: Session, resident_ids: Sequence[UUID]) -> Sequence[Case]:
    """The cases of these residents that nobody has closed, oldest first."""
    return session.scalars(
        select(Case).where(Case.resident_id.in_(resident_ids), Case.is_unclosed).order_by(Case.opened_at, Case.id)
    ).all()


def latest_case_about(session: Session, resident_id: UUID) -> Case | None:
    """The latest case of this resident that nobody has closed."""
    found = unclosed_cases(session, [resident_id])
    return found[-1] if found else None


def unclosed(session: Session, kind: CaseKind, resident_id: UUID | None, number: str) -> Case | None:
    """The case of this kind about a resident, or else about nobody we know but told from ``number``."""
    from_there = Case.resident_id.is_(None) & (Case.caller == number)
    return session.scalars(
        select(Case)
        .where(Case.kind == kind, Case.is_unclosed)
        .where(Case.resident_id == resident_id if resident_id else from_there)
        .order_by(Case.opened_at.desc())
        .limit(1)
    ).one_or_none()


def cases_in_hand(session: Session, responder_id: UUID) -> Sequence[Case]:
    """What a responder has accepted and nobody has closed."""
    in_hand = Case.state.in_(HELD)
    return session.scalars(select(Case).where(Case.is_unclosed, Case.accepted_by_id == responder_id, in_hand)).all()


def texts_of_cases(session: Session, case_ids: Sequence[UUID]) -> dict[UUID, list[tuple[CaseText, TextIn]]]:
    """What was written about each of these cases, the earliest first."""
    found: dict[UUID, list[tuple[CaseText, TextIn]]] = {}
    written = (
        select(CaseText, TextIn)
        .join(TextIn, TextIn.id == CaseText.text_id)
        .where(CaseText.case_id.in_(case_ids))
        .order_by(TextIn.received_at, TextIn.id)
    )
    for tied, text in session.execute(written):
        found.setdefault(tied.case_id, []).append((tied, text))
    return found


def reports_of_case(session: Session, case_id: UUID) -> Sequence[tuple[Report, Text]]:
    """What relatives were written about a case, the earliest first."""
    written = select(Report, Text).join(Text, Text.id == Report.text_id).where(Report.case_id == case_id)
    return session.execute(written.order_by(Text.created_at, Text.id)).all()


def cases_untold(session: Session, case_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these cases of which no text that told the family of the problem has arrived or still may."""
    may_arrive = func.sum(case((Text.state.in_(FAILURES), 0), else_=1))
    untold = (
        select(Report.case_id)
        .join(Text, Text.id == Report.text_id)
        .where(Report.case_id.in_(case_ids), Report.news == News.PROBLEM)
        .group_by(Report.case_id)
        .having(may_arrive == 0)
    )
    return {case_id for case_id in session.scalars(untold) if case_id}
