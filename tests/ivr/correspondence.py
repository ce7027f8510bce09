"""A house that writes and is written to: the service in this process, its people, and a scripted provider."""

from datetime import time, timedelta
from itertools import count

from fastapi.testclient import TestClient
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from campaigns import queries
from campaigns.changes import new_campaigns, round_starts
from campaigns.rounds import attempts
from contacts.community.community import the_community
from core import actors
from core.running import background
from core.running.events import Event
from core.storage import database
from escalation.models import Case
from ivr.models import Text, TextIn
from ivr.ports.provider import UncertainError
from ivr.sms import outbound
from tests import people
from tests.scripted_provider import script
from zaoan.process import wiring
from zaoan.web.app import web_app

GRANNY, GRANDPA, DAUGHTER, SON = "+8613800000001", "+8613800000002", "+8613800000003", "+8613800000004"
HELPER, STRANGER, LANDLINE = "+8613800000005", "+8613800000009", "+8631186000101"


class House:
    """The service with an empty street."""

    def __init__(self, chosen):
        self.chosen = chosen
        self.database = wiring.open_house(chosen)
        self.connected = wiring.connect(chosen, chosen.public_url, "http://127.0.0.1:1")
        self.provider = script(down=True)
        self.client = TestClient(web_app(self.connected.store), raise_server_exceptions=False)
        self._signer = RequestValidator(wiring.account_of(chosen).token)
        self._sids = count(1)
        self._rooms = count(101)
        with database.unit_of_work() as session:
            community = the_community(session)
            community.call_from, community.call_until = time(0, 0), time(23, 59, 59)

    def close(self):
        background.finish_all()
        self.connected.voice.close()
        self.database.close()

    def resident(self, called, number, *more_numbers, room=None):
        with database.unit_of_work() as session:
            home = people.household(session, room or str(next(self._rooms)))
            return people.resident(session, called, number, *more_numbers, home=home).id

    def relative(self, resident_id, name, number, wants="problems"):
        with database.unit_of_work() as session:
            people.relative(session, resident_id, name, number, relation="女儿", wants=wants)

    def responder(self, name, number, role="office"):
        with database.unit_of_work() as session:
            return people.responder(session, name, number, role).id

    def begin_round(self, name="早安"):
        """A round starts and its first calls stand in the queue."""
        with database.unit_of_work() as session:
            round_starts.start_now(
                session,
                actors.system(),
                new_campaigns.create_campaign(session, actors.system(), name, flags=None),
                between=timedelta(0),
            )
        with database.unit_of_work() as session:
            attempts.queue_due(session)

    def write(self, number, body, sid=None, signed=True):
        """Somebody writes to us; returns our answer."""
        return self.post("/telephony/inbound/text", signed, MessageSid=sid or f"SM{next(self._sids):032d}", From=number,
                         To=self.chosen.twilio_number or "+8610", Body=body, NumMedia="0")  # fmt: skip

    def report(self, text, status, sid=None, **more):
        """The provider reports how a text of ours goes."""
        sid = sid or text.provider_id or "SM" + "f" * 32
        return self.post(f"/telephony/texts/{text.id}/status", MessageSid=sid, MessageStatus=status, **more)

    def post(self, path, signed=True, **fields):
        signature = self._signer.compute_signature(self.chosen.public_url + path, fields) if signed else "wrong"
        return self.client.post(path, data=fields, headers={"X-Twilio-Signature": signature})

    def outcomes(self):
        with database.reading() as session:
            [round_] = queries.rounds(session, 1)
            return {each.resident.called: each.outcome for each in queries.check_ins(session, round_.id)}

    def all(self, table, *where):
        with database.reading() as session:
            return session.scalars(select(table).where(*where)).all()

    def cases(self):
        return [(case.kind, case.resident_id) for case in self.all(Case)]

    def texts_to(self, number):
        return [each.body for each in self.all(Text, Text.number == number)]

    def text_to(self, number):
        [text] = self.all(Text, Text.number == number)
        return text

    def unread(self):
        return self.all(TextIn, TextIn.next_try_at.is_not(None))

    def happened(self, kind):
        return self.all(Event, Event.kind == kind)


def time_passes(seconds=3600):
    """What waits for a real or a clock instant need not wait any more."""
    with database.unit_of_work() as session:
        for text in session.scalars(select(Text)):
            text.next_try_at -= timedelta(seconds=seconds)
            text.request_deadline = text.request_deadline and text.request_deadline - timedelta(seconds=seconds)
            text.look_up_at = text.look_up_at and text.look_up_at - timedelta(seconds=seconds)
        for text in session.scalars(select(TextIn)):
            text.next_try_at = text.next_try_at and text.next_try_at - timedelta(seconds=seconds)


def queue(number=DAUGHTER, body="您好", **more):
    with database.unit_of_work() as session:
        return outbound.queue(session, number, body, None, **more)


TIMEOUT = UncertainError("timed out")
