"""A large neighbourhood in the middle of its morning: most people are well, some need a person, some still wait."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.changes import new_campaigns, round_starts
from campaigns.models import Campaign, CheckIn, Outcome
from campaigns.rounds import attempts, check_ins
from contacts.community.community import area, the_community
from contacts.models import Consent, Household, Phone, Resident, Responder, Role
from core import actors, clock
from core.ids import new_id
from core.storage import database
from ivr.models import Call, CallState

FLOORS, DOORS, UNITS = 6, 2, 4
A_HOUSE = FLOORS * DOORS * UNITS
CALLED = ("王奶奶", "李爷爷", "张奶奶", "赵爷爷", "刘奶奶", "陈爷爷", "杨奶奶", "黄爷爷")
TROUBLES = (Outcome.NO_ANSWER, Outcome.NO_KEY, Outcome.NEEDS_SUPPLIES, Outcome.HUNG_UP, Outcome.UNWELL,
            Outcome.NO_ANSWER, Outcome.WANTS_PERSON, Outcome.BUSY)  # fmt: skip
WAITING, RINGING = 5, 10
TROUBLED = 20
"""Every fifth still waits, some of them on the telephone; every twentieth of the others needs a person."""


def move_in(residents: int) -> None:
    """So many people, one behind each door, who have agreed to be called, with three helpers for each house."""
    with database.unit_of_work() as session:
        community = the_community(session)
        rows: dict[type, list[dict[str, object]]] = {Household: [], Resident: [], Phone: [], Consent: []}
        for index, (home, room) in enumerate(_homes(session, residents)):
            person = {"id": new_id(), "community_id": community.id}
            rows[Household].append(
                {"id": (house := new_id()), "community_id": community.id, "area_id": home, "room": room}
            )
            rows[Resident].append(person | {"household_id": house, "name": f"居民{index}", "language": "zh-CN",
                                            "called": CALLED[index % len(CALLED)]})  # fmt: skip
            rows[Phone].append({"id": new_id(), "resident_id": person["id"], "position": 0,
                                "number": f"+86311{20_000_000 + index:08d}"})  # fmt: skip
            rows[Consent].append({"id": new_id(), "resident_id": person["id"], "statement": "signed",
                                  "recorded_at": clock.now()})  # fmt: skip
        for table, of_table in rows.items():
            session.execute(insert(table), of_table)
        _helpers(session, community.id, -(-residents // A_HOUSE))


def half_a_morning() -> None:
    """A round is under way in which every twentieth needs a person, a fifth waits and some telephones ring."""
    with database.unit_of_work() as session:
        campaign_id = new_campaigns.create_campaign(session, actors.system(), "早安问候", flags=None).id
    with database.unit_of_work() as session:
        round_id = round_starts.start_now(session, actors.system(), session.get_one(Campaign, campaign_id)).id
    with database.unit_of_work() as session:
        attempts.queue_due(session)
    with database.reading() as session:
        ids = [each.id for each in queries.check_ins(session, round_id)]
    answered = [each for index, each in enumerate(ids) if index % WAITING and index % TROUBLED != 1]
    with database.unit_of_work() as session:
        for start in range(0, len(answered), 500):
            some = CheckIn.id.in_(answered[start : start + 500])
            well = {"outcome": Outcome.OK, "answered_at": clock.now(), "decided_at": clock.now()}
            session.execute(update(CheckIn).where(some).values(**well, attempts=1, next_attempt_at=None))
    with database.unit_of_work() as session:
        for count, check_in_id in enumerate(ids[1::TROUBLED]):
            check_ins.hear(session, session.get_one(CheckIn, check_in_id), TROUBLES[count % len(TROUBLES)])
    with database.unit_of_work() as session:
        waiting = session.scalars(select(Call).where(Call.state == CallState.QUEUED).limit(RINGING)).all()
        for call in waiting:
            call.state = CallState.PLACED


def change(index: int) -> UUID:
    """One more resident of the round answers that all is well; who it was."""
    with database.unit_of_work() as session:
        waiting = select(CheckIn).where(CheckIn.outcome.is_(None)).order_by(CheckIn.id).offset(index).limit(1)
        check_in = session.scalars(waiting).one()
        check_ins.hear(session, check_in, Outcome.OK)
        return check_in.resident_id


def _homes(session: Session, residents: int) -> Iterator[tuple[UUID, str]]:
    community = the_community(session)
    for index in range(residents):
        house, flat = divmod(index, A_HOUSE)
        unit, door = divmod(flat, FLOORS * DOORS)
        if not door:
            staircase = area(session, community, str(house + 1), str(unit + 1)).id
        yield staircase, f"{door // DOORS + 1}{door % DOORS + 1:02d}"


def _helpers(session: Session, community_id: UUID, houses: int) -> None:
    community = the_community(session)
    roles = (Role.BUILDING_HEAD, Role.VOLUNTEER, Role.VOLUNTEER)
    for house in range(houses):
        for index, role in enumerate(roles):
            session.add(Responder(community_id=community_id, name=f"{house + 1}号楼帮手{index + 1}", role=role,
                                  areas=[area(session, community, str(house + 1), "")], language="zh-CN",
                                  number=f"+86137{house:04d}{index:04d}"))  # fmt: skip
    session.add(Responder(community_id=community_id, name="社区办公室", role=Role.OFFICE, number="+8613900009999",
                          language="zh-CN"))  # fmt: skip
