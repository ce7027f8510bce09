"""The house of the webhooks in which two people are connected, and what is read from its answers."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from sqlalchemy import select

from contacts.community.community import the_community
from core import actors, clock
from core.storage import database
from escalation.cases import cases
from escalation.models import Case, Page
from ivr import queries
from ivr.models import Call, CallState, Line
from tests.ivr.house import House

LEG_SID, PAGE_SID = "CA" + "7" * 32, "CA" + "8" * 32
MONDAY_AT_NINE = datetime(2026, 11, 23, 1, tzinfo=UTC)


class ConnectingHouse(House):
    """The house of the webhooks, on its line, with a call placed to the office's telephone about a case."""

    def at(self, instant):
        clock.set_anchor(clock.Anchor(clock.real_now(), instant))
        with database.unit_of_work() as session:
            the_community(session).office_days = "12345"
            for call in session.scalars(select(Call)):
                call.line_id = session.scalars(select(Line.id)).first()
                call.dialled_at, call.overdue_at = instant, instant + timedelta(minutes=12)

    def page(self):
        """A page that its responder has picked up and accepted; returns the answers and the id of its call."""
        with database.unit_of_work() as session:
            resident_id = self.check_in().resident_id
            case = cases.open_case(session, actors.system(), cases.CaseKind.NO_ANSWER, resident_id, None)
            page = session.scalars(select(Page).where(Page.case_id == case.id)).one()
            call = session.get_one(Call, page.call_id)
            call.state, call.provider_id = CallState.PLACED, PAGE_SID
            call.line_id, call.dialled_at = session.scalars(select(Line.id)).first(), clock.now()
            call.overdue_at = clock.now() + timedelta(minutes=12)
        self.step(call.id, 0, sid=PAGE_SID)
        self.step(call.id, 1, sid=PAGE_SID, Digits="1")
        return call.id

    def step(self, call_id, number, sid, **form):
        return self.post(f"/telephony/calls/{call_id}/turns/{number}", CallSid=sid, **form)

    def hear_end(self, call_id, sid, status="completed"):
        return self.post(f"/telephony/calls/{call_id}/status", CallSid=sid, CallStatus=status)

    def legs_of(self, parent_id):
        with database.reading() as session:
            return session.scalars(select(Call).where(Call.parent_id == parent_id).order_by(Call.id)).all()

    def row(self, table, id_):
        with database.reading() as session:
            return session.get_one(table, id_)

    def change(self, table, **values):
        with database.unit_of_work() as session:
            for row in session.scalars(select(table)):
                for name, value in values.items():
                    setattr(row, name, value)

    def case(self):
        with database.reading() as session:
            return session.scalars(select(Case)).one()


def dial(answer):
    [found] = [element for element in ElementTree.fromstring(answer.text) if element.tag == "Dial"]
    return found


def our_number():
    with database.reading() as session:
        return queries.lines(session)[0].number


def rings_us(house, number):
    return house.post("/telephony/inbound/voice", CallSid="CA" + "5" * 32, From=number, To=our_number())
