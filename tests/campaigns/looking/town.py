"""A morning in six houses, over a real database and a clock turned by hand."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from campaigns import queries
from campaigns.changes import new_campaigns, round_starts
from campaigns.looking import looks
from campaigns.models import Campaign, Outcome, Round
from campaigns.queries import contacts_made
from campaigns.rounds import attempts, check_ins
from core import actors, clock
from core.clock import Anchor
from core.storage import database
from escalation.models import Case
from ivr.dispatch import calls
from ivr.models import Call, CallState, Ending, Line
from tests import people
from tests.switchboard import responder

EIGHT = datetime(2026, 11, 23, tzinfo=UTC)
"""Eight in the morning of Monday the 23rd in Shanghai."""
HOUSES = ("1", "2", "3", "4", "5", "6")


def at(instant):
    clock.set_anchor(Anchor(clock.real_now(), instant))


def settle(houses=HOUSES, at_home=12):
    """So many people in each house, and somebody at the office; a campaign that rings each of them once."""
    at(EIGHT)
    responder("办公室", "+8613900000009", role="office")
    with database.unit_of_work() as session:
        for house in houses:
            home = people.household(session, "101", f"{house}号楼")
            for index in range(at_home):
                number = f"+86311{8600 + index % 4}{int(house):02d}{index:02d}"
                people.resident(session, f"{house}号楼居民{index}", number, home=home)
        return new_campaigns.create_campaign(session, actors.system(), "早安", flags=None, attempts=1).id


def start(campaign_id, between=timedelta(0)):
    with database.unit_of_work() as session:
        return round_starts.start_now(session, actors.system(), session.get_one(Campaign, campaign_id), between).id


def everybody_is_rung():
    while True:
        with database.unit_of_work() as session:
            if not attempts.queue_due(session):
                break
    with database.unit_of_work() as session:
        line = session.scalars(select(Line.id)).first()
        for call in session.scalars(select(Call).where(Call.state == CallState.QUEUED, Call.owner == "check_in")):
            call.state, call.dialled_at, call.line_id = CallState.PLACED, clock.now(), line


def ring(round_id, silent=(), said=Outcome.OK, waits=()):
    """Everybody of a round is rung: whoever is of a house of these is not reached, and all others say this."""
    everybody_is_rung()
    with database.unit_of_work() as session:
        for check_in in queries.check_ins(session, round_id):
            house = check_in.resident.name.split("号楼")[0]
            if house in waits:
                continue
            [call] = contacts_made.live_calls(session, check_in.id)
            if house not in silent:
                check_ins.hear(session, check_in, said)
            calls.end(session, call.id, Ending.NO_ANSWER if house in silent else Ending.COMPLETED)


def look():
    looks.look_at_rounds()


def clusters():
    """The cases of silence clusters: how many people, and whether somebody has closed them."""
    with database.reading() as session:
        found = session.scalars(select(Case).where(Case.kind == "silence_cluster").order_by(Case.opened_at)).all()
        return [(each.people, each.state) for each in found]


def round_of(round_id):
    with database.reading() as session:
        return session.get_one(Round, round_id)


def check_in_of(session, round_id, name):
    return next(each for each in queries.check_ins(session, round_id) if each.resident.name == name)
