"""The telephone in memory, held to the contract."""

import json
from dataclasses import replace
from datetime import timedelta

from ivr.models import TextState
from ivr.ports.events import LegReport, RecordingReport, Words
from ivr.ports.provider import OptedOutError, OurFaultError, RefusedForGoodError, RefusedForNowError, UncertainError
from tests.ivr.ports.bench import NO_KEY, OURS, WAIT_SECONDS, Document, Fate
from tests.ivr.ports.in_memory import InMemoryTelephone, request_told


class MemoryBench:
    """The telephone in memory, which is its own outside world."""

    carries_texts = True

    opt_out = "opted out"

    def __init__(self):
        self.telephony, self.unreachable = InMemoryTelephone(), InMemoryTelephone()
        self.unreachable.is_down = True

    def close(self):
        pass

    def next_request(self, number, fate):
        errors = {
            Fate.REFUSED_FOR_GOOD: RefusedForGoodError(2),
            Fate.OPTED_OUT: OptedOutError(3),
            Fate.REFUSED_FOR_NOW: RefusedForNowError("too many"),
            Fate.ASKED_TO_WAIT: RefusedForNowError("too many", WAIT_SECONDS),
            Fate.OUR_FAULT: OurFaultError("another secret"),
            Fate.LOST_BEFORE: UncertainError("it broke off"),
            Fate.LOST_AFTER: UncertainError("it broke off"),
        }
        self.telephony.fails(number, errors[fate], and_does=fate is Fate.LOST_AFTER)

    def goes_down(self):
        self.telephony.is_down = True

    def writes_instants(self, zone):
        self.telephony.offset = zone

    def has_called(self, to, *, age=timedelta(0), is_leg=False, from_=OURS):
        return self.telephony.begin(to, from_, is_leg=is_leg, age=age).call.provider_id

    def is_answered(self, call):
        self.telephony.lines[call].is_answered = True

    def has_ended(self, call, ending, *, by_machine=False):
        line = self.telephony.lines[call]
        line.end(ending)
        line.call = replace(line.call, by_machine=by_machine)

    def has_asked(self, call, url, told, *, was_answered=True):
        request = request_told(url, was_answered=was_answered, **_told(told))
        self.telephony.lines[call].requests.append(request)

    def sent_to(self, call):
        return self.telephony.lines[call].sent_to

    def calls_to(self, number):
        return len(self.telephony.lines_to(number))

    def texts_to(self, number):
        return len([each for each in self.telephony.texts.values() if each.to == number])

    def keeps_recording(self, sound):
        self.telephony.sounds["tape-1"] = sound
        return "tape-1"

    def text_stands(self, text, state, failure=None):
        sent = self.telephony.texts[text]
        sent.text = replace(sent.text, state=TextState.REFUSED if failure == self.opt_out else state, failure=failure)

    def writes(self, number, body, age=timedelta(0)):
        self.telephony.writes(number, OURS, body, age)

    def tells(self, told):
        """What it can tell of this: everything."""
        return told

    def understands(self, document):
        """What it can do of this: everything."""
        return document

    def turn(self, url, call, told=NO_KEY, *, party="", failed=None):
        more = {"failed": failed.url, "why": failed.reason} if failed else {}
        return self.telephony.request(url, **{"line": call, "party": party} | _told(told) | more)

    def call_report(self, url, call, ending, *, by_machine=False):
        by = "machine" if by_machine else "person"
        return self.telephony.request(url, line=call, state=ending.value if ending else "under way", by=by)

    def machine_report(self, url, call, *, by_machine, is_listening=False):
        by = "machine" if by_machine else "person"
        return self.telephony.request(url, line=call, by=by, listening=is_listening)

    def inbound_call(self, url, call, caller):
        return self.telephony.request(url, line=call, caller=caller, dialled=OURS)

    def inbound_text(self, url, text, number, body):
        return self.telephony.request(url, text=text, writer=number, body=body)

    def text_report(self, url, text, state, failure=None):
        known = TextState.REFUSED if failure == self.opt_out else state
        more = {"reason": failure} if failure else {}
        return self.telephony.request(url, text=text, state=known.value if known else "on its way", **more)

    def request(self, url, **fields):
        return self.telephony.request(url, **fields)

    def of_another_account(self, url, call):
        return InMemoryTelephone("another secret").request(url, line=call)

    def kept(self, request_kind):
        return {"call": {"line": "CA1", "state": "busy"},
                "text": {"text": "SM1", "writer": "+86138", "body": "您好"}}[request_kind]  # fmt: skip

    def read(self, reply):
        told = json.loads(reply)
        heard = tuple(next(iter(each.values())) for each in told["hear"])
        rest = {"bridges": told.get("bridge", False), "goes_on": told.get("go_on")}
        if ask := told.get("ask"):
            words = tuple(ask["words"]["hints"]) if ask["words"] else ()
            rest["asks"] = (ask["url"], ask["keys"], ask["seconds"], ask["also_silence"], words)
        if record := told.get("record"):
            rest["records"] = tuple(record[name] for name in ("url", "max_seconds", "silence_seconds", "status_url"))
        if connect := told.get("connect"):
            names = ("url", "number", "from_", "ring_seconds", "talk_seconds", "whisper_url", "status_url")
            rest["connects"] = tuple(connect[name] for name in names)
        return Document(heard, **rest)

    def is_silent_thanks(self, reply):
        return json.loads(reply) == {}


def _told(told):
    match told:
        case Words():
            return {"said": told.said, "sure": told.certainty}
        case RecordingReport():
            return {"tape": told.recording_id, "seconds": told.seconds}
        case LegReport():
            return {"leg": told.provider_id, "leg_state": told.ending.value, "talked": told.was_connected}
        case _:
            return {"pressed": told.pressed}
