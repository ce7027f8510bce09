"""Cases: opened in the transaction that learnt what is wrong, and held by the ladder until a person has them."""

from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, update
from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.hours import hours_of
from contacts.models import Community, Responder
from core import actors, clock
from core.actors import Actor
from core.errors import ConflictError, NotFoundError
from core.ids import new_id
from core.running import events
from core.running.wakeups import wake
from core.short_ids import short
from core.subscriptions.models import Kind
from escalation import fresh_cases, queries
from escalation.cases import callback, case_news, joining, relative_texts
from escalation.findings import Finding
from escalation.holding import MOVES, UNCLOSED, Hold, deadline
from escalation.models import HELD, Case, CaseKind, CaseState
from escalation.paging import case_links, paging, telephone_ownership
from escalation.paging.page_order import put_in_order
from escalation.policy_lookup import policy_for, policy_of

ESCALATION = "escalation.climb"
AT_ONCE = timedelta(0)


class Acceptance(StrEnum):
    """What came of a key that accepts."""

    ACCEPTED = "accepted"
    TOO_LATE = "too_late"
    OWN = "own"


def open_case(
    session: Session,
    actor: Actor,
    kind: CaseKind,
    resident_id: UUID,
    check_in_id: UUID | None,
    patience: timedelta = AT_ONCE,
    *,
    campaign_id: UUID | None = None,
) -> Case:
    """Opens a case and sends its first pages; a check-in that already has a case makes that one more urgent instead.

    While another case of this kind about the resident is not closed, what has happened joins that one, whose ladder
    begins anew unless somebody has it in hand.
    With ``patience`` the ladder first waits so long (clock time): somebody who can help is being rung out of the call.
    ``campaign_id`` is the check-in's: the case goes by the policies of its campaign.
    """
    community_id = contacts.resident(session, resident_id).community_id
    if check_in_id is None:
        known, alike = None, joining.joinable(session, community_id, resident_id, kind)
    else:
        known, alike = joining.known_or_joinable(session, community_id, resident_id, kind, check_in_id)
    if known:
        return _more_urgent(session, actor, known, kind)
    if alike:
        joining.tie(session, alike, check_in_id, campaign_id)
        return _joined(session, actor, alike, kind, patience)
    return _opened(session, actor, _case(session, kind, community_id, resident_id=resident_id, check_in_id=check_in_id,
                                  campaign_id=campaign_id), patience)  # fmt: skip


def rang_in(
    session: Session,
    actor: Actor,
    kind: CaseKind,
    resident_id: UUID,
    caller: str | None,
    patience: timedelta = AT_ONCE,
) -> Case:
    """What was said of a resident in a call to us outside their check-ins; what is still looked after becomes worse.

    ``caller`` is None where their own telephone said so, which also makes an uncertain case certain;
    ``patience`` is as above.
    """
    community_id = contacts.resident(session, resident_id).community_id
    loose = queries.loose_case(session, resident_id)
    is_other = loose is None or loose.kind != kind
    if is_other and (known := joining.joinable(session, community_id, resident_id, kind)):
        known.caller = caller and known.caller
        return _joined(session, actor, known, kind, patience)
    if loose:
        loose.caller = caller and loose.caller
        return _more_urgent(session, actor, loose, kind)
    return _opened(session, actor, _case(session, kind, community_id, resident_id=resident_id, caller=caller), patience)


def open_of_round(session: Session, community_id: UUID, campaign_id: UUID, round_id: UUID, people: int) -> Case:
    """The one case of a round's residents who were not asked; it is open again when there are more of them."""
    known = queries.case_of_round(session, round_id)
    if known is None:
        case = _case(session, CaseKind.NOT_ASKED, community_id, round_id=round_id, campaign_id=campaign_id,
                     people=people)  # fmt: skip
        return _opened(session, actors.system(), case, _until_waking(session, case))
    more = people > (known.people or 0)
    known.people = people
    return _more_urgent(session, actors.system(), known, CaseKind.NOT_ASKED) if more else known


def _until_waking(session: Session, case: Case) -> timedelta:
    """Of a round that was missed the office hears when telephones may ring."""
    hours = hours_of(session.get_one(Community, case.community_id))
    return hours.next_permitted(case.opened_at) - case.opened_at


def fewer_not_asked(session: Session, round_id: UUID, people: int) -> None:
    """Somebody of a round who was not asked has told us how they are, so that the case is about the others."""
    if known := queries.case_of_round(session, round_id):
        known.people = people


def open_of_cluster(session: Session, community_id: UUID, campaign_id: UUID, people: int) -> Case:
    """The case of so many residents who are silent and have something in common."""
    return _opened(session, actors.system(), _case(session, CaseKind.SILENCE_CLUSTER, community_id,
                                                   campaign_id=campaign_id, people=people))  # fmt: skip


def count_cluster(session: Session, case_id: UUID, people: int) -> None:
    """So many of a silence cluster are silent now; who has it, or has closed it, is not asked again."""
    find(session, case_id).people = people


def open_written(
    session: Session, actor: Actor, community_id: UUID, resident_id: UUID | None, writer: str | None
) -> Case:
    """Somebody has written something that a person has to read; ``writer`` as ``caller`` is for what was said."""
    return _opened(
        session, actor, _case(session, CaseKind.MESSAGE, community_id, resident_id=resident_id, caller=writer)
    )


def tie(session: Session, case_id: UUID, check_in_id: UUID, campaign_id: UUID) -> bool:
    """A case opened by a call to us becomes that of the check-in which the call counts for, and goes by the policies of
    its campaign from now on. One that has joined the case of another check-in leads there; False if that is closed."""
    untied = update(Case).where(Case.id == case_id, Case.check_in_id.is_(None))
    tied = session.execute(untied.values(check_in_id=check_in_id, campaign_id=campaign_id))
    if tied.rowcount:  # type: ignore[attr-defined]
        return True
    known = session.get(Case, case_id)
    if known is None or known.state == CaseState.CLOSED:
        return False
    joining.tie(session, known, check_in_id, campaign_id)
    return True


def open_message(session: Session, actor: Actor, community_id: UUID, recording_id: UUID, caller: str) -> Case:
    """Somebody has left a message that a person has to listen to."""
    return _opened(
        session, actor, _case(session, CaseKind.MESSAGE, community_id, recording_id=recording_id, caller=caller)
    )


def open_recorded(session: Session, actor: Actor, resident_id: UUID, recording_id: UUID) -> Case:
    """A resident has said something more on a recording that a person has to listen to."""
    community_id = contacts.resident(session, resident_id).community_id
    return _opened(session, actor, _case(session, CaseKind.MESSAGE, community_id, resident_id=resident_id,
                                  recording_id=recording_id))  # fmt: skip


def name_better(session: Session, check_in_id: UUID, kind: CaseKind) -> None:
    """What is wrong turned out to be something else that is no more urgent; the case goes on as it was."""
    case = queries.case_of_check_in(session, check_in_id)
    if case is not None and case.kind != kind and _urgency(session, case, kind) >= case.urgency:
        case.kind = kind
        events.append(session, actors.system(), "case.renamed", case.id, kind=kind.value)


def accept(session: Session, actor: Actor, case_id: UUID, responder_id: UUID) -> bool:
    """The actor, who is of the office, has a responder take the case; False when somebody else was first.

    Everybody else's telephone stops ringing, unless the responder lives with the resident. Raises ``ConflictError``
    for a telephone that is the resident's own, or one of our lines.
    """
    near = telephone_ownership.telephones(session, session.get_one(Case, case_id))
    numbers = session.get_one(Responder, responder_id).numbers
    if near.own.issuperset(numbers):
        raise ConflictError("Nobody looks after themselves: this telephone is the resident's own, or one of ours.",
                            way_out="Choose another one.")  # fmt: skip
    withdraws = near.own.isdisjoint(numbers) and near.at_home.isdisjoint(numbers)
    return _accept(session, actor, case_id, responder_id, Case.state == CaseState.OPEN, withdraws=withdraws)


def accept_by_key(session: Session, case_id: UUID, responder: Responder) -> Acceptance:
    """A responder takes the case with a key of their telephone.

    The resident's own telephone takes nothing. One of their household's takes what nobody has taken, but whoever is
    being rung meanwhile goes on being rung, and may take it over.
    """
    case = session.get_one(Case, case_id)
    near = telephone_ownership.telephones(session, case)
    if near.own.issuperset(responder.numbers):
        return Acceptance.OWN
    at_home = telephone_ownership.is_near(responder.numbers, near)
    may_be_taken = (Case.state == CaseState.OPEN) | ((Case.handing_to_id == responder.id) & Case.state.in_(HELD))
    if not at_home and is_at_home(session, case, near):
        may_be_taken |= and_(Case.state == CaseState.ACCEPTED, Case.accepted_by_id == case.accepted_by_id)
    taken = _accept(session, actors.responder(responder.id), case_id, responder.id, may_be_taken, withdraws=not at_home)
    return Acceptance.ACCEPTED if taken else Acceptance.TOO_LATE


def may_be_taken(session: Session, case: Case, responder_id: UUID) -> bool:
    """Whether a key of this responder, who is being rung, may still take the case."""
    if case.state == CaseState.OPEN or (case.state in HELD and case.handing_to_id == responder_id):
        return True
    return is_at_home(session, case, telephone_ownership.telephones(session, case))


def is_at_home(session: Session, case: Case, near: telephone_ownership.Telephones) -> bool:
    """Whether the case was taken, and is still held, by a telephone of the resident's own household."""
    if case.state != CaseState.ACCEPTED or case.accepted_by_id is None:
        return False
    return telephone_ownership.is_near(session.get_one(Responder, case.accepted_by_id).numbers, near)


def arrive(session: Session, actor: Actor, case_id: UUID) -> Case:
    """Whoever accepted is at the door."""
    return move(session, actor, case_id, CaseState.ON_SITE)


def move(session: Session, actor: Actor, case_id: UUID, state: CaseState) -> Case:
    """Whoever accepted goes on (see ``holding.MOVES``), and has their time for that from now.

    Raises ``ConflictError`` for a case from whose state one does not come there.
    """
    case = _move(session, actor, case_id, MOVES[state], state, "")
    go_on(session, case)
    return case


def go_on(session: Session, case: Case) -> None:
    """Its responder has said now how it goes."""
    case.moved_at, case.reminded_at = clock.now(), None
    case.look_at = deadline(policy_of(session, case), hold_of(case))


def stay(session: Session, actor: Actor, case: Case) -> None:
    """Its responder has been asked how it goes, and still looks after it."""
    events.append(session, actor, "case.goes_on", case.id)
    go_on(session, case)


def hold_of(case: Case) -> Hold:
    """How a case in hand is held."""
    return Hold(CaseState(case.state), case.moved_at or case.accepted_at or case.opened_at, case.reminded_at)


def release(case: Case) -> None:
    """Nobody has the case in hand any more: it is its ladder's again, which looks at once."""
    case.state, case.accepted_by_id, case.accepted_at = CaseState.OPEN, None, None
    case.moved_at = case.reminded_at = case.handing_to_id = None
    case.look_at = clock.now()


def close(session: Session, actor: Actor, case_id: UUID, note: str, finding: Finding = Finding.OTHER) -> Case:
    """A person has dealt with it and says what they have found; ``note`` is for the office, and for nobody else."""
    case = _move(session, actor, case_id, UNCLOSED, CaseState.CLOSED, note, finding=finding.value)
    case.finding, case.closed_at, case.look_at, case.handing_to_id = finding, clock.now(), None, None
    paging.withdraw_others(session, case, None)
    case_links.revoke(session, case.id)
    relative_texts.tell_closed(session, case, actor)
    case_news.tell(session, case, Kind.CASE_CLOSED)
    return case


def find(session: Session, case_id: UUID) -> Case:
    """The case; raises ``NotFoundError``."""
    case = session.get(Case, case_id)
    if case is None:
        raise NotFoundError("There is no case {value}.", field="case", value=short(case_id))
    return case


def _accept(
    session: Session,
    actor: Actor,
    case_id: UUID,
    responder_id: UUID,
    may_be_taken: ColumnElement[bool],
    *,
    withdraws: bool,
) -> bool:
    now = clock.now()
    late_at = deadline(policy_of(session, session.get_one(Case, case_id)), Hold(CaseState.ACCEPTED, now))
    taken = session.execute(
        update(Case)
        .where(Case.id == case_id, may_be_taken)
        .values(state=CaseState.ACCEPTED, accepted_by_id=responder_id, accepted_at=now, moved_at=now, reminded_at=None,
                handing_to_id=None, look_at=late_at,
                first_accepted_at=func.coalesce(Case.first_accepted_at, now))
    )  # fmt: skip
    if taken.rowcount == 0:  # type: ignore[attr-defined]
        return False
    case = session.get_one(Case, case_id, populate_existing=True)
    events.append(session, actor, "case.accepted", case.id, responder=str(responder_id))
    if withdraws:
        paging.withdraw_others(session, case, responder_id)
    relative_texts.tell_taken(session, case)
    case_news.tell(session, case, Kind.CASE_ACCEPTED)
    wake(session, ESCALATION)
    return True


def _case(session: Session, kind: CaseKind, community_id: UUID, **about: UUID | str | int | None) -> Case:
    now = clock.now()
    case = Case(id=new_id(), community_id=community_id, kind=kind, state=CaseState.OPEN, opened_at=now, note="",
                needs=[], **about)  # fmt: skip
    case.urgency = _urgency(session, case, kind)
    return case


def _urgency(session: Session, case: Case, kind: CaseKind) -> int:
    """How urgent the case is, or would be, as one of this kind."""
    return policy_for(session, case.community_id, case.campaign_id, kind).urgency


def _opened(session: Session, actor: Actor, case: Case, patience: timedelta = AT_ONCE) -> Case:
    case.look_at = case.opened_at + patience
    session.flush()
    fresh_cases.note(session, case)
    about = {"resident": str(case.resident_id)} if case.resident_id else {}
    events.append(session, actor, "case.opened", case.id, kind=str(case.kind), **about)
    case_news.tell(session, case, Kind.CASE_OPENED)
    if patience == AT_ONCE:
        paging.ask_next(session, case)
    session.flush()
    callback.arm_new(session, case)
    wake(session, ESCALATION)
    return case


def _joined(session: Session, actor: Actor, known: Case, kind: CaseKind, patience: timedelta) -> Case:
    """What would have been a case of its own is told of the one that is there; its ladder begins anew, if it climbs."""
    events.append(session, actor, "case.joined", known.id, kind=kind.value)
    if known.state == CaseState.OPEN:
        known.climbs_from = clock.now()
        known.look_at = known.climbs_from + patience
        if patience == AT_ONCE:
            paging.ask_next(session, known)
        wake(session, ESCALATION)
    session.flush()
    if kind is CaseKind.UNWELL:
        callback.arm_again(session, known)
    return known


def needed_again(session: Session, actor: Actor, kind: CaseKind, known: Case) -> None:
    """The resident of a case asks for somebody once more: where a person has closed it, it is open again."""
    if known.state == CaseState.CLOSED:
        known.kind, known.urgency = kind, _urgency(session, known, kind)
        events.append(session, actor, "case.reopened", known.id, kind=kind.value)
        _more_urgent(session, actor, known, kind)


def _more_urgent(session: Session, actor: Actor, case: Case, kind: CaseKind) -> Case:
    if (urgency := _urgency(session, case, kind)) < case.urgency:
        case.kind, case.urgency = kind, urgency
        events.append(session, actor, "case.worsened", case.id, kind=kind.value)
        put_in_order(session, case)
    if case.state == CaseState.CLOSED:
        release(case)
        case.closed_at, case.finding = None, None
        case_news.tell(session, case, Kind.CASE_OPENED)
    if case.state == CaseState.OPEN:
        case.look_at = clock.now()
        wake(session, ESCALATION)
    if kind is CaseKind.UNWELL:
        callback.arm(session, case)
    return case


def _move(
    session: Session,
    actor: Actor,
    case_id: UUID,
    before: Collection[CaseState],
    after: CaseState,
    note: str,
    **facts: Any,
) -> Case:
    case = queries.case_held(session, case_id) or find(session, case_id)
    if case.state not in before:
        raise ConflictError(
            "Case {value} is {state}.",
            way_out="Look at it again.",
            field="case",
            value=short(case_id),
            state=case.state,
        )
    case.state, case.note = after, note or case.note
    events.append(session, actor, f"case.{after}", case.id, **facts)
    return case
