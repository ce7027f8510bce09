"""The service in this process, on a real database, with one call placed to one resident."""

from datetime import time
from urllib.parse import urlencode
from xml.etree import ElementTree

from fastapi.testclient import TestClient
from sqlalchemy import func, select
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from campaigns import queries
from campaigns.changes import new_campaigns, round_starts
from campaigns.rounds import attempts
from contacts.community.community import the_community
from core import actors, clock
from core.running import background
from core.storage import database
from ivr.models import Call, CallState
from tests import people
from zaoan.process import wiring
from zaoan.web.app import web_app

NUMBER, RESPONDER = "+8631186000101", "+8613900000001"
SID = "CA" + "0" * 32


class House:
    """The service in this process with one call placed to one resident, and the provider's hand to sign requests.

    Nobody is at the office.
    """

    def __init__(self, chosen):
        self.chosen = chosen
        self.database = wiring.open_house(chosen)
        self.connected = wiring.connect(chosen, chosen.public_url, "http://127.0.0.1:1")
        self.client = TestClient(web_app(self.connected.store))
        account = wiring.account_of(chosen)
        self._signer = RequestValidator(account.token)
        self.call_id = self._ring()

    def close(self):
        background.finish_all()
        self.connected.voice.close()
        self.database.close()

    def post(self, path, signed=True, **form):
        fields = {"CallSid": SID, "From": "+8631186009999", "To": NUMBER} | form
        url = self.chosen.public_url + path
        signature = self._signer.compute_signature(url, fields) if signed else "wrong"
        return self.client.post(path, data=fields, headers={"X-Twilio-Signature": signature})

    def sign_and_post(self, path, fields, url=None):
        """Exactly these fields; ``url`` is what the provider has asked for."""
        signature = self._signer.compute_signature(url or self.chosen.public_url + path, fields)
        encoded = urlencode(fields.multi_items() if isinstance(fields, ImmutableMultiDict) else fields)
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
        return self.client.post(path, content=encoded, headers=headers)

    def turn(self, number, **form):
        return self.post(f"/telephony/calls/{self.call_id}/turns/{number}", **form)

    def ended(self, status="completed", **form):
        return self.post(f"/telephony/calls/{self.call_id}/status", CallStatus=status, **form)

    def check_in(self):
        with database.reading() as session:
            round_ = queries.rounds(session, 1)[0]
            return queries.check_ins(session, round_.id)[0]

    def rows(self, table):
        with database.reading() as session:
            return session.scalars(select(table)).all()

    def count(self, table):
        with database.reading() as session:
            return session.scalar(select(func.count()).select_from(table))

    def call(self):
        with database.reading() as session:
            return session.get_one(Call, self.call_id)

    def _ring(self):
        with database.unit_of_work() as session:
            community = the_community(session)
            community.call_from, community.call_until = time(0, 0), time(23, 59, 59)
            community.office_days = ""
            self._populate(session)
            campaign = new_campaigns.create_campaign(session, actors.system(), "早安", flags=None)
            round_starts.start_now(session, actors.system(), campaign)
        with database.unit_of_work() as session:
            attempts.queue_due(session)
        with database.unit_of_work() as session:
            call = session.scalars(select(Call)).one()
            call.state, call.dialled_at, call.provider_id = CallState.PLACED, clock.now(), SID
            call.overdue_at = clock.now()
            return call.id

    def _populate(self, session):
        people.resident(session, "王桂兰", NUMBER, called="王奶奶")
        people.responder(session, "办公室", RESPONDER, "office")


def verbs(answer):
    return [element.tag for element in ElementTree.fromstring(answer.text).iter()]
