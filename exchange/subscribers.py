"""Who has a telephone on this exchange, and how each of them behaves: values, and their JSON.

Times are people's seconds. A JSON list of subscribers is read strictly: an unknown or missing name is an error.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from exchange.errors import ScriptError
from exchange.reading import Fields, read_list

E164 = re.compile(r"\+[1-9]\d{6,14}")
KEYS = re.compile(r"[0-9*#]+")


class Pick(StrEnum):
    """What happens when the telephone rings."""

    ANSWER = "answer"
    MACHINE = "machine"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAIL = "fail"


class Deed(StrEnum):
    """What a person does when asked for a key."""

    PRESS = "press"
    SILENCE = "silence"
    HANG_UP = "hang_up"
    SAY = "say"


class Since(StrEnum):
    """What a response's ``after`` counts from: the start or the end of the prompts that ask for it."""

    START = "start"
    END = "end"


@dataclass(frozen=True)
class Response:
    """One response to being asked. ``key`` may be several, pressed one after another; ``words`` are a sentence."""

    do: Deed
    key: str = ""
    after: float = 2.0
    since: Since = Since.END
    words: str = ""


@dataclass(frozen=True)
class CallBack:
    """The subscriber rings the service, ``after`` seconds after a call ended."""

    after: float
    responses: tuple[Response, ...] = ()


@dataclass(frozen=True)
class Reception:
    """How one call is received.

    ``after`` is the ringing before it is picked up (for busy and fail: before the network says so);
    ``say_seconds`` is the length of an answering machine's greeting, or of what a person says when recorded.
    """

    pick: Pick
    after: float = 3.0
    say_seconds: float = 5.0
    responses: tuple[Response, ...] = ()
    then_call: CallBack | None = None


@dataclass(frozen=True)
class Habit:
    """What a script does with one call: how it is received, and the keys that are pressed in it."""

    pick: str
    keys: str


RINGS_OUT = Reception(Pick.NO_ANSWER)


@dataclass(frozen=True)
class Subscriber:
    """One telephone. The n-th call to it is received as ``calls[n]`` says; the last repeats.

    ``refuse`` is Twilio's code with which calls and texts to it are refused. ``group`` and ``note`` are shown on the
    switchboard: under which heading it stands, and what is worth knowing about it.
    """

    number: str
    label: str = ""
    behaviour: str = ""
    group: str = ""
    note: str = ""
    refuse: int | None = None
    calls: tuple[Reception, ...] = field(default=(RINGS_OUT,))

    def reception(self, earlier_calls: int) -> Reception:
        """How it receives its next call after ``earlier_calls``."""
        return self.calls[min(earlier_calls, len(self.calls) - 1)]

    def habits(self) -> list[Habit]:
        """What it does with each call, as the pages tell it."""
        return [Habit(call.pick, "".join(response.key for response in call.responses)) for call in self.calls]

    def script(self) -> dict[str, object]:
        """The subscriber as JSON, in the form ``read_subscribers`` reads."""
        return asdict(self, dict_factory=_as_written)


def read_subscribers(content: object) -> list[Subscriber]:
    """Subscribers from JSON already decoded. Raises ``ScriptError``."""
    return read_list(content, "subscribers", _subscriber)


def read_responses(content: object) -> tuple[Response, ...]:
    """Responses from JSON already decoded. Raises ``ScriptError``."""
    return tuple(read_list(content, "responses", _response))


def _subscriber(content: object, at: str) -> Subscriber:
    fields = Fields(content, at, {"number", "label", "behaviour", "group", "note", "refuse", "calls"})
    number = fields.text("number")
    if not E164.fullmatch(number):
        raise ScriptError(f"{at}.number: {number!r} is no E.164 number such as +8631186012345")
    refuse = None if fields.absent("refuse") else int(fields.number("refuse"))
    calls = (RINGS_OUT,) if fields.absent("calls") else fields.list("calls", _reception)
    if not calls:
        raise ScriptError(f"{at}.calls: needs at least one call, or leave it out")
    words = {name: fields.text(name, "") for name in ("label", "behaviour", "group", "note")}
    return Subscriber(number, **words, refuse=refuse, calls=calls)


def _reception(content: object, at: str) -> Reception:
    fields = Fields(content, at, {"pick", "after", "say_seconds", "responses", "then_call"})
    return Reception(
        pick=fields.choice("pick", Pick),
        after=fields.number("after", Reception.after),
        say_seconds=fields.number("say_seconds", Reception.say_seconds),
        responses=fields.list("responses", _response),
        then_call=None if fields.absent("then_call") else _call_back(fields.get("then_call"), f"{at}.then_call"),
    )


def _call_back(content: object, at: str) -> CallBack:
    fields = Fields(content, at, {"after", "responses"})
    return CallBack(fields.number("after"), fields.list("responses", _response))


def _response(content: object, at: str) -> Response:
    fields = Fields(content, at, {"do", "key", "after", "from", "words"})
    deed = fields.choice("do", Deed)
    key = "" if fields.absent("key") else fields.text("key")
    if (deed is Deed.PRESS) != bool(KEYS.fullmatch(key)):
        raise ScriptError(f"{at}.key: {key!r}; a press needs keys out of 0-9*#, anything else has none")
    words = fields.text("words", "").strip()
    if (deed is Deed.SAY) != bool(words):
        raise ScriptError(f"{at}.words: {words!r}; whoever says something needs words, anybody else has none")
    since = fields.choice("from", Since, Response.since)
    return Response(deed, key, fields.number("after", Response.after), since, words)


def _as_written(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Only whoever says something has words."""
    written: Mapping[str, object] = dict(pairs)
    return {"from" if name == "since" else name: value for name, value in written.items() if name != "words" or value}
