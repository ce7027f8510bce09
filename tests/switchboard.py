"""Calls to the service in this process: signed webhooks as a provider sends them, and what the caller hears."""

import itertools
from datetime import time
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

from fastapi.testclient import TestClient
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from contacts.community.community import the_community
from contacts.people import consent
from core import clock
from core.actors import Actor, ActorKind
from core.running import background
from core.storage import database
from ivr.models import Call, CallState, Line
from ivr.ports import owners
from tests import people
from zaoan.process import wiring
from zaoan.web.app import web_app

OURS = "+8631186009999"


class House:
    """The service in this process, without anybody in it, and nobody at the office."""

    def __init__(self, chosen):
        self.chosen = chosen
        self.database = wiring.open_house(chosen)
        self.connected = wiring.connect(chosen, chosen.public_url, "http://127.0.0.1:1")
        self.client = TestClient(web_app(self.connected.store))
        self._signer = RequestValidator(wiring.account_of(chosen).token)
        self._sids = (f"CA{number:032x}" for number in itertools.count(1))
        with database.unit_of_work() as session:
            community = the_community(session)
            community.call_from, community.call_until = time(0, 0), time(23, 59, 59)
            community.office_days = ""

    def close(self):
        background.finish_all()
        self.connected.voice.close()
        self.database.close()

    def post(self, path, **form):
        fields = {"To": OURS} | form
        signature = self._signer.compute_signature(self.chosen.public_url + path, fields)
        return self.client.post(path, data=fields, headers={"X-Twilio-Signature": signature})

    def ring(self, number):
        """Somebody rings us from this number."""
        return CallIn(self, number, next(self._sids))

    def pick_up(self, number):
        """Our call to this number, which waits to be dialled, is dialled and answered."""
        call, sid = self._placed(number)
        return CallOut(self, call, sid)

    def miss(self, number, status="no-answer"):
        """Our call to this number is dialled, and nobody answers."""
        call, sid = self._placed(number)
        self.post(f"/telephony/calls/{call.id}/status", CallSid=sid, CallStatus=status)

    def waiting_for(self, number):
        """Our calls to this number that wait to be dialled."""
        return rows(Call, number=number, state=CallState.QUEUED)

    def _placed(self, number):
        [call] = self.waiting_for(number)
        with database.unit_of_work() as session:
            held = session.get_one(Call, call.id)
            assert owners.owner_of(held).still_wanted(session, held)
            held.line_id = session.scalars(select(Line.id)).first()
            held.state, held.dialled_at, held.overdue_at = CallState.PLACED, clock.now(), clock.now()
            held.provider_id = sid = next(self._sids)
        return call, sid


class Conversation:
    """One conversation with the service, seen from the other end of the line."""

    def __init__(self, house, number, sid, begin):
        self._house, self._number, self.sid = house, number, sid
        self._recordings = (f"RE{sid[12:]}{number:010x}" for number in itertools.count(1))
        self.replies = []
        self._ask(begin)

    def press(self, keys):
        """Presses keys; a # at the end of several finishes them, as the provider reports it."""
        several = self.verb("Gather").attrib["numDigits"] != "1"
        form = {"Digits": keys}
        if several and keys.endswith("#"):
            form = {"Digits": keys[:-1], "FinishedOnKey": "#"}
        return self._ask(self._action("Gather"), **form)

    def connected(self, status, sid=f"CA{'d' * 32}"):
        """Waits until the provider says what came of connecting them with somebody (``sid``: its own call)."""
        return self._ask(self._action("Dial"), DialCallStatus=status, DialCallSid=sid)

    def stay(self):
        """Presses nothing, or says nothing after the beep."""
        redirect = self.verb("Redirect")
        return self._ask(_path(redirect.text) if redirect is not None else self._action("Gather"), Digits="")

    def speak(self, seconds=4, hang_up=False):
        """Speaks after the beep; returns the provider's id of the recording."""
        record = self.verb("Record")
        told = {"RecordingSid": next(self._recordings), "RecordingDuration": str(seconds), "CallSid": self.sid}
        self._house.post(_path(record.attrib["recordingStatusCallback"]), RecordingStatus="completed", **told)
        if not hang_up:
            self._ask(_path(record.attrib["action"]), Digits="#", **told)
        return told["RecordingSid"]

    @property
    def hears(self):
        """What is being said, without a clip in the provider's voice."""
        return "".join(element.text for element in self.replies[-1].iter() if element.tag == "Say")

    @property
    def is_over(self):
        return self.verb("Hangup") is not None

    def verb(self, tag):
        return self.replies[-1].find(tag)

    def _action(self, tag):
        return _path(self.verb(tag).attrib["action"])

    def _ask(self, path, **form):
        """Asks, and asks again for as long as the service says that it needs a moment, as the provider does."""
        self._fetch(path, form)
        while again := self._asked_again():
            self._fetch(again, {})
        return self

    def _fetch(self, path, form):
        answer = self._house.post(path, **{"CallSid": self.sid, "From": self._number} | form)
        assert answer.status_code == 200
        self.replies.append(ElementTree.fromstring(answer.text))

    def _asked_again(self):
        """The path to ask once more, on a machine too busy to have stored what was said; None otherwise."""
        redirect = self.verb("Redirect")
        tried = redirect is not None and "try" in parse_qs(urlsplit(redirect.text).query)
        return _path(redirect.text) if tried else None


class CallIn(Conversation):
    """A call that somebody makes to us."""

    def __init__(self, house, number, sid):
        super().__init__(house, number, sid, "/telephony/inbound/voice")

    def press_in_vain(self):
        """A key is lost on its way: the provider goes on at our number's fallback address, and is sent to ask again."""
        failed = self.verb("Gather").attrib["action"]
        self._fetch("/telephony/inbound/voice", {"ErrorUrl": failed, "ErrorCode": "11200", "To": OURS})
        return self.stay()

    def hang_up(self):
        self._house.post("/telephony/inbound/status", CallSid=self.sid, From=self._number, CallStatus="completed")


class CallOut(Conversation):
    """A call of ours that was picked up."""

    def __init__(self, house, call, sid):
        self.call = call
        super().__init__(house, OURS, sid, f"/telephony/calls/{call.id}/turns/0")

    def hang_up(self, **form):
        report = {"CallSid": self.sid, "CallStatus": "completed"} | form
        self._house.post(f"/telephony/calls/{self.call.id}/status", **report)


def _path(url):
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def resident(called, *numbers, room="101", building="3号楼", relative=None, wants="everything"):
    """Somebody who lives here and has agreed; returns their id."""
    with database.unit_of_work() as session:
        home = people.household(session, room, building, access_notes="钥匙在门卫")
        person = people.resident(session, f"{called}的全名", *numbers, home=home, called=called)
        if relative:
            people.relative(session, person.id, "小梅", relative, wants=wants)
        return person.id


def responder(name, number, role="volunteer", pin=None):
    """Somebody who helps everywhere; returns their id."""
    with database.unit_of_work() as session:
        return people.responder(session, name, number, role, pin=pin).id


def opts_out(session, resident_id):
    """They have pressed 9 twice."""
    caller = Actor(ActorKind.CALLER, resident_id, "王奶奶")
    return consent.withdraw(session, caller, resident_id, by="", how=consent.BY_KEY)


def rows(table, **wanted):
    """Every row of a table that has these values."""
    with database.reading() as session:
        found = session.scalars(select(table).filter_by(**wanted)).all()
        return found
