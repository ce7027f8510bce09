"""The port to whoever carries our calls: what we ask of a telephone provider, how it may fail, and what replies say.

What it tells us by itself is in ``ivr.ports.events``. An adapter (``ivr.provider``) carries this out for one provider.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ivr.models import Ending, TextState
from ivr.ports.events import Input, ReceivedText, RecordingReport, Webhook, WebhookRequest

REQUEST_TIMEOUT_SECONDS = 10
"""Every request to a provider is answered so soon or has failed."""


@dataclass(frozen=True)
class CallOrder:
    """A call to be placed: numbers in E.164, ``ring_seconds`` of ringing at most, and our own addresses for it.

    ``machine_url`` is told whether a machine has answered and finished its greeting; None: nobody listens for that.
    ``fallback_url`` is asked what to say when another one could not be asked, or what it said cannot be carried out.
    """

    to: str
    from_: str
    ring_seconds: int
    answer_url: str
    status_url: str
    machine_url: str | None
    fallback_url: str


@dataclass(frozen=True)
class ProviderCall:
    """What the provider knows of a call; ``ending`` is None while it lives, ``created_at`` is real time.

    ``code`` and ``announcement`` are as in ``ivr.ports.events.CallReport``.
    """

    provider_id: str
    to: str
    from_: str
    created_at: datetime
    ending: Ending | None
    by_machine: bool = False
    code: int | None = None
    announcement: RecordingReport | None = None


@dataclass(frozen=True)
class ProviderRequest:
    """What the provider wanted to tell us in a call: the address it asked, and whether anybody answered."""

    url: str
    told: Input
    was_answered: bool


@dataclass(frozen=True)
class ProviderText:
    """What the provider knows of a text message; ``created_at`` is real time, ``failure`` its code for what failed."""

    provider_id: str
    body: str
    created_at: datetime
    state: TextState = TextState.SENT
    failure: str | None = None


@dataclass(frozen=True)
class Sound:
    """A sound file to be played, by its public address."""

    url: str


@dataclass(frozen=True)
class Speech:
    """Words for the provider's own voice, where we have no sound file; ``voice`` is its name for one of several.

    ``parts`` is the text in parts, with the pinyin (``ge3``) of each character where a voice that takes pinyin is to be
    told it; empty where nothing is to be told.
    """

    text: str
    language: str
    voice: str | None = None
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Pause:
    """Quiet, in whole seconds."""

    seconds: int


Utterance = Sound | Speech | Pause


@dataclass(frozen=True)
class Connection:
    """Somebody else who is rung and connected with the other party: ``number`` in E.164.

    ``from_``, our own number, is all that either of the two sees of the other. They are rung for ``ring_seconds``, hear
    what ``whisper_url`` says before they are connected, and talk for ``talk_seconds`` at most. ``status_url`` is told
    how the call to them ended.
    """

    number: str
    from_: str
    ring_seconds: int
    talk_seconds: int
    whisper_url: str
    status_url: str


@dataclass(frozen=True)
class Hearing:
    """Words to be recognised: in which language, and which are to be expected."""

    language: str
    hints: Sequence[str]


@dataclass(frozen=True)
class Gather:
    """A key is awaited for ``wait_seconds`` after the words, and reported to ``url``.

    ``digits`` is how many keys are awaited at most; more than one are ended by #. With ``hearing`` a spoken answer is
    awaited as well. One that ``closes`` the call reports only a key: without one we hang up, and nothing is reported.
    """

    utterances: Sequence[Utterance]
    url: str
    wait_seconds: int = 10
    digits: int = 1
    hearing: Hearing | None = None
    closes: bool = False


@dataclass(frozen=True)
class Record:
    """A recording is made after a beep, ended by # or by silence, and reported to ``url``.

    ``status_url`` is told when it can be fetched.
    """

    utterances: Sequence[Utterance]
    url: str
    max_seconds: int
    silence_seconds: int
    status_url: str


@dataclass(frozen=True)
class Dial:
    """Somebody else is rung and connected; ``url`` is told what came of it."""

    utterances: Sequence[Utterance]
    url: str
    connection: Connection


@dataclass(frozen=True)
class Bridge:
    """The other party is the one whom a ``Dial`` rang, and is now connected with whoever waits."""

    utterances: Sequence[Utterance]


@dataclass(frozen=True)
class Hangup:
    """The last words."""

    utterances: Sequence[Utterance]


Reply = Gather | Record | Dial | Bridge | Hangup
"""What the other party hears next, and what then is done."""


class RefusedForGoodError(Exception):
    """The provider will never ring this number (``code`` is its reason)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused for good, code {code}")
        self.code = code


class OptedOutError(RefusedForGoodError):
    """Whoever has the number has told the provider that they want no texts from us."""


class RefusedForNowError(Exception):
    """Nothing was placed; the same request may succeed later, and not within ``wait_seconds`` (real time)."""

    def __init__(self, reason: str, wait_seconds: float = 0.0) -> None:
        super().__init__(reason)
        self.wait_seconds = wait_seconds


class OurFaultError(RefusedForNowError):
    """Nothing was placed, and nothing will be until an operator mends our account, caller number or settings."""


class UncertainError(Exception):
    """It may or may not have been placed: look it up before anything is dialled again."""


UNKNOWN = (RefusedForNowError, RefusedForGoodError, UncertainError)
"""Whatever a provider that is asked about something may raise: it has not told us."""


class Observer:
    """Is told by an adapter how its provider stands; any thread may tell it. This one takes no notice."""

    def answered(self, date: str | None) -> None:
        """The provider has answered a request, whatever it said; ``date`` is what its clock showed (RFC 9110)."""

    def failed(self, reason: str) -> None:
        """A request was not answered, or only by something in between."""


UNOBSERVED = Observer()


class Telephony(Protocol):
    """A telephone provider: what we ask it, what it tells us, and our replies in its words.

    Whatever asks it is one bounded request (10 s) and raises only the errors above; nothing else waits for anything.
    """

    @property
    def reply_type(self) -> str:
        """The media type of replies."""

    @property
    def carries_texts(self) -> bool:
        """Whether this way carries texts at all; ``send_text`` of one that carries none refuses every text for good."""

    def opened(self, request: WebhookRequest) -> Webhook | None:
        """The request that the provider has made; None for one that is not genuine, of which nothing is looked at."""

    def kept(self, fields: Mapping[str, str]) -> Webhook:
        """What an earlier version of ours has kept of a genuine request, in the provider's own words."""

    def place(self, order: CallOrder) -> ProviderCall:
        """Places a call; one that has ended before the provider answered says so."""

    def is_there(self) -> bool:
        """Whether the provider answers, and knows us; raises nothing."""

    def newest_calls(self, from_: str) -> Sequence[ProviderCall]:
        """The newest calls from one of our numbers, without the legs of calls."""

    def look_up(self, provider_id: str) -> ProviderCall | None:
        """The provider's view of a call; None when it does not know it."""

    def calls_since(self, to: str, from_: str, since: datetime) -> Sequence[ProviderCall]:
        """Calls between two numbers created at or after ``since`` (real time), queued ones included."""

    def requests_of(self, provider_id: str) -> Sequence[ProviderRequest]:
        """What the provider asked us in a call, the earliest first; empty while, or where, it does not tell."""

    def hang_up(self, provider_id: str) -> None:
        """Ends a call, whatever its state; a call that has ended is no error."""

    def cancel(self, provider_id: str) -> None:
        """Ends a call that nobody has answered; an answered one goes on, and one that has ended is no error."""

    def fetch_recording(self, provider_id: str) -> bytes:
        """The sound of a recording, a WAV file."""

    def delete_recording(self, provider_id: str) -> None:
        """Deletes a recording at the provider; one that is gone is no error."""

    def redirect(self, provider_id: str, url: str) -> None:
        """A call under way goes on with what ``url`` says; one that has ended is no error."""

    def send_text(self, to: str, from_: str, body: str, status_url: str) -> str:
        """Sends a text message and returns the provider's id for it."""

    def texts_since(self, to: str, from_: str, since: datetime) -> Sequence[ProviderText]:
        """Texts between two numbers created at or after ``since`` (real time)."""

    def look_up_text(self, provider_id: str) -> ProviderText | None:
        """The provider's view of a text; None when it does not know it."""

    def texts_received(self, our_number: str, since: datetime) -> Sequence[ReceivedText]:
        """Texts that were written to our number at or after ``since`` (real time), the earliest first."""

    def figures(self) -> str:
        """What is counted of the lines, in the text format of Prometheus; empty where nothing is."""

    def thanks(self) -> str:
        """The answer to a text that came in: nothing is said in it."""

    def render(self, reply: Reply) -> str:
        """The reply in the provider's own words."""

    def render_redirect(self, utterances: Sequence[Utterance], url: str) -> str:
        """These utterances, after which the provider asks ``url`` what to say."""
