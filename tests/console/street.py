"""A neighbourhood in a database, and what can happen in it: the stories of the tests of Today."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from campaigns import queries
from campaigns.changes import new_campaigns, round_starts
from campaigns.models import Campaign, CampaignKind, CheckIn, CheckInCall, Outcome
from campaigns.queries import contacts_made
from campaigns.rounds import attempts, check_ins
from contacts.callers import refused_numbers
from contacts.models import Pause, Resident, Responder, Role
from contacts.people import consent as consenting
from contacts.people.flagging import flag_only
from core import actors, clock
from core.clock import Anchor
from core.ids import new_id
from core.running import events
from core.storage import database
from escalation.cases import cases
from escalation.models import Case, CaseState, Page, PageState
from escalation.paging import paging
from ivr.models import Call, CallState
from tests import people

EIGHT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
HOMES = [
    ("1", "1", "101", "王桂兰", "王奶奶"), ("1", "1", "202", "李长海", "李爷爷"), ("1", "1", "301", "张淑琴", "张奶奶"),
    ("1", "2", "102", "赵德明", "赵爷爷"), ("1", "2", "201", "刘玉芬", "刘奶奶"), ("1", "2", "302", "陈国栋", "陈爷爷"),
    ("1", "3", "101", "杨秀英", "杨奶奶"), ("1", "3", "202", "黄志强", "黄爷爷"), ("1", "3", "202", "周美华", "周奶奶"),
    ("2", "1", "101", "吴桂英", "吴奶奶"), ("2", "1", "202", "徐文斌", "徐爷爷"), ("2", "1", "301", "孙秀兰", "孙奶奶"),
    ("2", "2", "102", "胡建国", "胡爷爷"), ("2", "2", "201", "朱凤英", "朱奶奶"), ("2", "2", "302", "高振华", "高爷爷"),
    ("2", "2", "302", "林桂芳", "林奶奶"), ("3", "1", "101", "何玉兰", "何奶奶"), ("3", "1", "202", "郭永福", "郭爷爷"),
    ("3", "1", "301", "马秀珍", "马奶奶"), ("3", "1", "402", "罗文清", "罗爷爷"), ("3", "2", "101", "梁素珍", "梁奶奶"),
    ("3", "2", "202", "宋长林", "宋爷爷"), ("3", "2", "302", "郑玉梅", "郑奶奶"), ("3", "2", "401", "谢德福", "谢爷爷"),
]  # fmt: skip
HELPERS = [
    ("田保国", Role.BUILDING_HEAD, "1"), ("曹桂香", Role.BUILDING_HEAD, "2"), ("魏红", Role.VOLUNTEER, "3"),
    ("石磊", Role.VOLUNTEER, ""), ("槐东社区办公室", Role.OFFICE, ""),
]  # fmt: skip


def at(instant: datetime, speed: float = 1.0) -> None:
    """Sets the clock, which then goes on at this speed."""
    clock.set_anchor(Anchor(clock.real_now(), instant, speed))


def move_in(homes=HOMES, helpers=HELPERS) -> None:
    """Everybody with a telephone and consent, couples at one telephone, and the helpers."""
    with database.unit_of_work() as session:
        known: list[UUID] = []
        for building, unit, room, name, called in homes:
            home = people.household(session, room, building, unit)
            if home.id not in known:
                known.append(home.id)
            people.resident(session, name, f"+86311860{known.index(home.id):05}", home=home, called=called)
        for index, (name, role, building) in enumerate(helpers):
            people.responder(session, name, f"+861370000003{index}", role, buildings=[building] if building else [])


def begin_round() -> UUID:
    """The morning's round, with a call queued for everybody."""
    with database.unit_of_work() as session:
        round_id = round_starts.start_now(
            session, actors.system(), new_campaigns.create_campaign(session, actors.system(), "早安问候", flags=None)
        ).id
    with database.unit_of_work() as session:
        while attempts.queue_due(session):
            pass
    return round_id


def telephone_rings(called: str, picked_up: bool = False) -> None:
    """The call to this resident is under way."""
    with database.unit_of_work() as session:
        call = session.scalars(
            select(Call).join(CheckInCall, CheckInCall.call_id == Call.id)
            .where(CheckInCall.check_in_id == _check_in(session, called).id)
        ).first()  # fmt: skip
        call.state, call.answered_at = CallState.PLACED, clock.now() if picked_up else None


def answer(called: str, outcome: Outcome) -> None:
    """The resident's call ends with this outcome."""
    with database.unit_of_work() as session:
        check_in = _check_in(session, called)
        check_in.attempts += 1
        for call in contacts_made.live_calls(session, check_in.id):
            call.state, call.ended_at = CallState.ENDED, clock.now()
        if outcome in {Outcome.OK, Outcome.UNWELL, Outcome.WANTS_PERSON, Outcome.NEEDS_SUPPLIES, Outcome.NO_KEY}:
            check_ins.hear(session, check_in, outcome)
        else:
            check_ins.decide(session, actors.system(), check_in, outcome)


def case_of(called: str) -> Case:
    """The case of this resident."""
    with database.reading() as session:
        return session.scalars(
            select(Case).join(Resident, Resident.id == Case.resident_id).where(Resident.called == called)
        ).one()


def helper(name: str) -> Responder:
    """The responder of this name."""
    with database.reading() as session:
        return session.scalars(select(Responder).where(Responder.name == name)).one()


def helper_says(called: str, state: PageState) -> None:
    """Whoever is rung about this resident now answers."""
    case_id = case_of(called).id
    with database.unit_of_work() as session:
        page = session.scalars(select(Page).where(Page.case_id == case_id, Page.state == PageState.CALLING)).first()
        paging.end_page(session, page, state)
        if state is PageState.ACCEPTED:
            cases.accept(session, actors.system(), case_id, page.responder_id)
        else:
            paging.ask_next(session, session.get_one(Case, case_id))


def accept_case(called: str, name: str) -> None:
    """This helper takes the case."""
    with database.unit_of_work() as session:
        cases.accept(session, actors.system(), case_of(called).id, helper(name).id)


def close_case(called: str, note: str = "一切都好") -> None:
    """The case is dealt with."""
    with database.unit_of_work() as session:
        if session.get_one(Case, case_of(called).id).state != CaseState.CLOSED:
            cases.close(session, actors.system(), case_of(called).id, note)


def is_rung_at_the_telephone_of(name: str, called: str) -> None:
    """The telephone of this helper is that of a resident."""
    with database.unit_of_work() as session:
        session.get_one(Responder, helper(name).id).number = person(session, called).phones[0].number


def nobody_can_be_rung() -> None:
    """The provider refuses the telephone of every helper."""
    with database.unit_of_work() as session:
        for each in session.scalars(select(Responder)):
            refused_numbers.mark(session, each.number, 13224, each.id)


def half_a_morning() -> None:
    """Most have answered, three need a person, one of them has a helper; two telephones ring."""
    begin_round()
    for _, _, _, _, called in HOMES[:15]:
        answer(called, {"李爷爷": Outcome.UNWELL, "刘奶奶": Outcome.NEEDS_SUPPLIES, "周奶奶": Outcome.NO_KEY,
                        "胡爷爷": Outcome.HUNG_UP, "徐爷爷": Outcome.NO_ANSWER,
                        "朱奶奶": Outcome.WANTS_PERSON}.get(called, Outcome.OK))  # fmt: skip
    helper_says("李爷爷", PageState.DECLINED)
    at(EIGHT + timedelta(minutes=9, seconds=40))
    accept_case("刘奶奶", "石磊")
    close_case("胡爷爷", "刚才在洗澡，人没事")
    close_case("徐爷爷", "在楼下遛弯")
    telephone_rings("何奶奶")
    telephone_rings("郭爷爷", picked_up=True)


def all_done() -> None:
    """Everybody has answered and every case is closed."""
    for _, _, _, _, called in HOMES[15:]:
        answer(called, Outcome.OK)
    for called in ("李爷爷", "刘奶奶", "周奶奶", "朱奶奶"):
        close_case(called, "上门看过，一切都好")


def _check_in(session, called: str) -> CheckIn:
    return session.scalars(
        select(CheckIn).join(Resident, Resident.id == CheckIn.resident_id).where(Resident.called == called)
    ).one()


def notice(said) -> None:
    """A notice is told to everybody; ``said`` is what came of it, by what people are called."""
    with database.unit_of_work() as session:
        campaign = new_campaigns.create_campaign(
            session, actors.system(), "停水", flags=None, kind=CampaignKind.NOTICE, message="明天停水。"
        )
        begun = round_starts.start_now(session, actors.system(), campaign).id
        for check_in in queries.check_ins(session, begun):
            if check_in.resident.called in said:
                check_ins.hear(session, check_in, said[check_in.resident.called])


def numbers_refused() -> None:
    """The provider will not ring a resident, and a helper for a reason nobody has described."""
    with database.unit_of_work() as session:
        for name, table, code in (("王桂兰", Resident, 21211), ("石磊", Responder, 99999)):
            found = session.scalars(select(table).where(table.name == name)).one()
            number = found.number if table is Responder else found.phones[0].number
            refused_numbers.mark(session, number, code, new_id())


def trial_shown(result: str) -> None:
    """A trial call with somebody has shown this."""
    with database.unit_of_work() as session:
        found = session.scalars(select(Resident).where(Resident.called == "王奶奶")).one()
        events.append(session, actors.system(), "trial.decided", new_id(), resident=str(found.id), result=result)


def campaign(name: str = "早安问候", flags=None, **plan):
    """A campaign that starts its rounds by itself."""
    with database.unit_of_work() as session:
        return new_campaigns.create_campaign(session, actors.system(), name, flags=flags, **plan).id


def start(campaign_id) -> UUID:
    """A round of this campaign, now."""
    with database.unit_of_work() as session:
        return round_starts.start_now(session, actors.system(), session.get_one(Campaign, campaign_id)).id


def person(session, called: str) -> Resident:
    """The resident who is called so."""
    return session.scalars(select(Resident).where(Resident.called == called)).one()


def flag(name: str, *called: str) -> None:
    """These residents carry this flag."""
    with database.unit_of_work() as session:
        flag_only(session, name, {person(session, each).id for each in called})


def pause(*called: str, days: int = 2) -> None:
    """These residents are away from today on."""
    today = clock.now().date()
    with database.unit_of_work() as session:
        for each in called:
            session.add(Pause(resident_id=person(session, each).id, first_day=today,
                              last_day=today + timedelta(days=days)))  # fmt: skip


def withdraw(*called: str) -> None:
    """These residents have taken back that they agreed."""
    with database.unit_of_work() as session:
        for each in called:
            consenting.withdraw(session, actors.user("社区"), person(session, each).id, by="", how="当面说的")


def relative(called: str, name: str, relation: str) -> None:
    """Somebody who is told how this resident is."""
    with database.unit_of_work() as session:
        people.relative(session, person(session, called).id, name, "+8613611110001", relation=relation)


def tried(called: str, contact: Outcome) -> None:
    """A call to this resident got so far, and nothing was said in it."""
    with database.unit_of_work() as session:
        check_in = _check_in(session, called)
        call = contacts_made.live_calls(session, check_in.id)[0]
        row = contacts_made.contact(session, call.id, check_in.id)
        check_ins.reach(session, check_in, row, contact)
        call.state, call.ended_at = CallState.ENDED, clock.now()
