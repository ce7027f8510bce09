"""A telephone that is an object: a provider with a language of its own, for whatever has to work with any provider.

It makes its requests as JSON under a seal, and understands replies in JSON. What happens at its other end, somebody who
picks up, presses keys and hangs up, is made by whoever holds it.
"""

import hashlib
import hmac
import json
from collections import defaultdict
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from ivr.models import Ending, TextState
from ivr.ports.events import (
    CallReport,
    Failure,
    InboundCall,
    InboundText,
    IncompleteError,
    Keys,
    LegReport,
    MachineReport,
    ReceivedText,
    RecordingReport,
    TextReport,
    TurnReport,
    WebhookRequest,
    Words,
)
from ivr.ports.provider import (
    Bridge,
    CallOrder,
    Dial,
    Gather,
    Pause,
    ProviderCall,
    ProviderRequest,
    ProviderText,
    Record,
    RefusedForGoodError,
    RefusedForNowError,
    Sound,
)

SEAL = "Line-Seal"
NO_SUCH_RECORDING = 1


@dataclass
class Line:
    """A call at this provider. ``order`` is None for one that somebody makes to us."""

    call: ProviderCall
    order: CallOrder | None = None
    is_answered: bool = False
    is_leg: bool = False
    requests: list = field(default_factory=list)
    sent_to: list = field(default_factory=list)

    @property
    def is_over(self):
        return self.call.ending is not None

    def end(self, ending):
        self.call = replace(self.call, ending=ending)


@dataclass
class Sent:
    """A text that we have sent."""

    text: ProviderText
    to: str
    from_: str
    status_url: str


class InMemoryTelephone:
    """``fails(error, number)`` are the fates of the next requests; ``and_does`` ones are carried out nevertheless."""

    reply_type = "application/json"
    carries_texts = True

    def __init__(self, secret="a secret of the line"):
        self._secret = secret.encode()
        self._ids = count(1)
        self._fates = defaultdict(list)
        self.lines, self.texts, self.received, self.sounds = {}, {}, [], {}
        self.is_down = False
        self.offset = UTC
        """The zone in which it tells instants."""

    def fails(self, number, error, *, and_does=False):
        """The next request for this number fails so."""
        self._fates[number].append((error, and_does))

    def lines_to(self, number):
        """All calls to this number, the earliest first."""
        return [line for line in self.lines.values() if line.call.to == number]

    # what we ask it

    def place(self, order):
        error, and_does = self._fate(order.to)
        if error is not None and not and_does:
            raise error
        line = self.begin(order.to, order.from_, order=order)
        if error is not None:
            raise error
        return line.call

    def begin(self, to, from_, *, order=None, is_leg=False, age=timedelta(0)):
        """A call comes to be."""
        made = (datetime.now(UTC) - age).astimezone(self.offset)
        call = ProviderCall(f"line-{next(self._ids)}", to, from_, made, None)
        self.lines[call.provider_id] = line = Line(call, order, is_leg=is_leg)
        return line

    def is_there(self):
        return not self.is_down

    def newest_calls(self, from_):
        self._ask()
        return [line.call for line in reversed(self.lines.values()) if line.call.from_ == from_ and not line.is_leg]

    def look_up(self, provider_id):
        self._ask()
        line = self.lines.get(provider_id)
        return line.call if line else None

    def calls_since(self, to, from_, since):
        return [each for each in self.newest_calls(from_) if each.to == to and each.created_at >= since]

    def requests_of(self, provider_id):
        self._ask()
        return list(self.lines[provider_id].requests) if provider_id in self.lines else []

    def hang_up(self, provider_id):
        self._ask()
        if (line := self.lines.get(provider_id)) and not line.is_over:
            line.end(Ending.COMPLETED if line.is_answered else Ending.CANCELLED)

    def cancel(self, provider_id):
        self._ask()
        if (line := self.lines.get(provider_id)) and not line.is_answered and not line.is_over:
            line.end(Ending.CANCELLED)

    def redirect(self, provider_id, url):
        self._ask()
        if (line := self.lines.get(provider_id)) and not line.is_over:
            line.sent_to.append(url)

    def fetch_recording(self, provider_id):
        self._ask()
        if provider_id not in self.sounds:
            raise RefusedForGoodError(NO_SUCH_RECORDING)
        return self.sounds[provider_id]

    def delete_recording(self, provider_id):
        self._ask()
        self.sounds.pop(provider_id, None)

    def send_text(self, to, from_, body, status_url):
        error, and_does = self._fate(to)
        if error is not None and not and_does:
            raise error
        text = ProviderText(f"text-{next(self._ids)}", body, datetime.now(self.offset))
        self.texts[text.provider_id] = Sent(text, to, from_, status_url)
        if error is not None:
            raise error
        return text.provider_id

    def texts_since(self, to, from_, since):
        self._ask()
        between = [sent.text for sent in self.texts.values() if (sent.to, sent.from_) == (to, from_)]
        return [text for text in between if text.created_at >= since]

    def look_up_text(self, provider_id):
        self._ask()
        return self.texts[provider_id].text if provider_id in self.texts else None

    def texts_received(self, our_number, since):
        self._ask()
        return sorted(
            (text for to, text in self.received if to == our_number and text.created_at >= since),
            key=lambda text: text.created_at,
        )

    def writes(self, number, our_number, body, age=timedelta(0)):
        """Somebody writes to us, and we may not hear of it."""
        at = (datetime.now(UTC) - age).astimezone(self.offset)
        self.received.append((our_number, ReceivedText(f"text-{next(self._ids)}", number, body, at)))

    # what it tells us

    def request(self, url, **told):
        """A request of its own to ``url``, sealed."""
        body = json.dumps(told).encode()
        return WebhookRequest(url, {SEAL: self._seal(url, body)}, body)

    def opened(self, request):
        seal = request.headers.get(SEAL) or ""
        if not hmac.compare_digest(seal.encode(), self._seal(request.url, request.body).encode()):
            return None
        try:
            told = json.loads(request.body.replace(b"\\u0000", b""))
        except ValueError:
            return None
        return SealedWebhook(told) if isinstance(told, dict) else None

    def kept(self, fields):
        return SealedWebhook(fields)

    def _seal(self, url, body):
        return hmac.new(self._secret, url.encode() + b"\n" + body, hashlib.sha256).hexdigest()

    # our replies in its words

    def figures(self):
        return ""

    def thanks(self):
        return "{}"

    def render(self, reply):
        document = {"hear": _heard(reply.utterances)}
        match reply:
            case Dial():
                document["connect"] = asdict(reply.connection) | {"url": reply.url}
            case Record():
                document["record"] = {"url": reply.url, "max_seconds": reply.max_seconds,
                                      "silence_seconds": reply.silence_seconds,
                                      "status_url": reply.status_url}  # fmt: skip
            case Gather():
                document["ask"] = {"url": reply.url, "keys": reply.digits, "seconds": reply.wait_seconds,
                                   "words": asdict(reply.hearing) if reply.hearing else None,
                                   "also_silence": not reply.closes}  # fmt: skip
            case Bridge():
                document["bridge"] = True
        return json.dumps(document, ensure_ascii=False)

    def render_redirect(self, utterances, url):
        return json.dumps({"hear": _heard(utterances), "go_on": url}, ensure_ascii=False)

    def _fate(self, number):
        self._ask()
        return self._fates[number].pop(0) if self._fates[number] else (None, False)

    def _ask(self):
        if self.is_down:
            raise RefusedForNowError("nobody answers")


def _heard(utterances):
    heard = []
    for each in utterances:
        if isinstance(each, Sound):
            heard.append({"sound": each.url})
        else:
            heard.append({"quiet": each.seconds} if isinstance(each, Pause) else {"say": each.text})
    return heard


class SealedWebhook:
    """A request whose seal is right."""

    def __init__(self, told):
        self._told = told

    def turn(self):
        told = self._told
        failed = Failure(told["failed"], told.get("why", "")) if "failed" in told else None
        return TurnReport(self._call(), told.get("party", ""), input_of(told), failed)

    def call_report(self):
        return CallReport(self._call(), _ending(self._need("state")), self._told.get("by") == "machine")

    def machine_report(self):
        return MachineReport(self._call(), self._need("by") == "machine", bool(self._told.get("listening")))

    def inbound_call(self):
        return InboundCall(self._call(), self._told.get("caller"), self._need("dialled"))

    def inbound_text(self):
        return InboundText(self._need("text"), self._told.get("writer", ""), self._told.get("body", ""))

    def text_report(self):
        state = self._need("state")
        known = state in list(TextState)
        return TextReport(self._need("text"), TextState(state) if known else None, self._told.get("reason"))

    def _call(self):
        return self._need("line")

    def _need(self, name):
        if value := self._told.get(name):
            return value
        raise IncompleteError(f"the report has no {name}")


def input_of(told):
    """What somebody did at the telephone."""
    if "tape" in told:
        return RecordingReport(told["tape"], told.get("seconds", 0))
    if "said" in told:
        return Words(told["said"], told["sure"])
    if "leg_state" in told:
        return LegReport(told.get("leg", ""), _ending(told["leg_state"]) or Ending.COMPLETED, told["talked"])
    return Keys(told.get("pressed", ""))


def request_told(url, *, was_answered=True, **told):
    """What it keeps of one of its requests."""
    return ProviderRequest(url, input_of(told), was_answered)


def _ending(state):
    return Ending(state) if state in list(Ending) else None
