"""Behaviours: what scripted people do at the telephone, and what has to come of it.

The exchange plays ``calls`` (its own words for them are described in ``exchange/``); ``expected`` is what a person
who watched the telephone would write down, one outcome for each resident who lives with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Script = Mapping[str, Any]
INVALID_NUMBER = 21217


def press(key: str, after: float = 1.5, since: str = "end") -> Script:
    """Presses ``key`` so many seconds after the words have begun (``start``) or ended (``end``)."""
    return {"do": "press", "key": key, "after": after, "from": since}


def hang_up(after: float = 2.0) -> Script:
    """Hangs up in the middle of the sentence."""
    return {"do": "hang_up", "after": after, "from": "start"}


SILENCE: Script = {"do": "silence"}


def answer(*responses: Script, after: float = 6.0, then_call: Script | None = None) -> Script:
    """Picks up after so many seconds of ringing."""
    return {"pick": "answer", "after": after, "responses": list(responses), "then_call": then_call}


def no_answer(then_call: Script | None = None) -> Script:
    """Lets it ring."""
    return {"pick": "no_answer", "then_call": then_call}


def ring_back(after: float, *responses: Script) -> Script:
    """Rings us so many seconds after the call has ended."""
    return {"after": after, "responses": list(responses)}


BUSY: Script = {"pick": "busy"}
FAIL: Script = {"pick": "fail"}
MACHINE: Script = {"pick": "machine", "after": 18.0, "say_seconds": 6.0}


@dataclass(frozen=True)
class Behaviour:
    """What somebody does in their first, second, … call (the last goes on for ever), and what has to come of it.

    ``second_phone`` is what their second telephone does; ``share`` how often the behaviour is drawn.
    """

    calls: Sequence[Script]
    expected: Sequence[str] = ()
    share: int = 1
    refuse: int | None = None
    second_phone: Sequence[Script] = field(default=())

    @property
    def people(self) -> int:
        """How many residents live with this telephone."""
        return len(self.expected)


RESIDENTS: Mapping[str, Behaviour] = {
    "presses 1": Behaviour([answer(press("1"))], ["ok"], share=30),
    "presses 1 late": Behaviour([answer(press("1", after=8.0), after=40.0)], ["ok"], share=8),
    "presses 1 mid-sentence": Behaviour([answer(press("1", after=4.0, since="start"))], ["ok"], share=8),
    "presses 3": Behaviour([answer(press("3"))], ["unwell"], share=3),
    "presses 2": Behaviour([answer(press("2"))], ["needs_supplies"], share=4),
    "presses 0": Behaviour([answer(press("0"))], ["wants_person"], share=3),
    "presses 2, then 1 for groceries": Behaviour([answer(press("2"), press("1"))], ["needs_supplies"], share=2),
    "presses 2, then 0 and says it": Behaviour([answer(press("2"), press("0"))], ["needs_supplies"], share=2),
    "presses 9 twice": Behaviour([answer(press("9"), press("9"))], ["wants_person"]),
    "presses 9 once, then 1": Behaviour([answer(press("9"), SILENCE, press("1"))], ["ok"]),
    "presses 1, at once 3": Behaviour([answer(press("1"), press("3", after=0.5, since="start"))], ["unwell"]),
    "presses 1, listens, then 3": Behaviour([answer(press("1"), press("3", after=3.0, since="start"))], ["unwell"]),
    "wrong key, then 1": Behaviour([answer(press("7"), press("1"))], ["ok"], share=3),
    "wrong key, then 3": Behaviour([answer(press("5", after=3.0, since="start"), press("3"))], ["unwell"], share=2),
    "only wrong keys": Behaviour([answer(press("7"), press("8"), press("9"))], ["no_key"], share=1),
    "silent, then 1": Behaviour([answer(SILENCE, press("1"))], ["ok"], share=3),
    "listens and presses nothing": Behaviour([answer(SILENCE)], ["no_key"], share=4),
    "hangs up mid-sentence": Behaviour([answer(hang_up())], ["hung_up"], share=3),
    "hangs up, then 1": Behaviour([answer(hang_up()), answer(press("1"))], ["ok"], share=2),
    "busy, then 1": Behaviour([BUSY, answer(press("1"))], ["ok"], share=4),
    "always busy": Behaviour([BUSY], ["busy"], share=1),
    "no answer, then 1": Behaviour([no_answer(), answer(press("1"))], ["ok"], share=4),
    "never answers": Behaviour([no_answer()], ["no_answer"], share=4),
    "voicemail": Behaviour([MACHINE], ["voicemail"], share=2),
    "voicemail, then 1": Behaviour([MACHINE, answer(press("1"))], ["ok"], share=2),
    "voicemail, then nobody": Behaviour([MACHINE, no_answer()], ["voicemail"], share=1),
    "invalid number": Behaviour([no_answer()], ["unreachable"], share=2, refuse=INVALID_NUMBER),
    "the network fails": Behaviour([FAIL], ["unreachable"], share=1),
    "invalid number, second phone 1": Behaviour(
        [no_answer()], ["ok"], refuse=INVALID_NUMBER, second_phone=[answer(press("1"))]
    ),
    "second phone answers": Behaviour([no_answer()], ["ok"], share=2, second_phone=[answer(press("1"))]),
    "rings back, 1": Behaviour([no_answer(ring_back(150.0, press("1")))], ["ok"], share=3),
    "rings back, 3": Behaviour([no_answer(ring_back(200.0, press("3")))], ["unwell"], share=2),
    "rings back and hangs up": Behaviour([no_answer(ring_back(100.0, hang_up())), no_answer()], ["hung_up"]),
    "presses 1, rings back unwell": Behaviour([answer(press("1"), then_call=ring_back(90.0, press("3")))], ["unwell"]),
    "couple, both 1": Behaviour([answer(press("1"), press("1"))], ["ok", "ok"], share=3),
    "couple, 1 and 3": Behaviour([answer(press("1"), press("3"))], ["ok", "unwell"], share=1),
    "couple, the second hangs up": Behaviour(
        [answer(press("1"), hang_up()), answer(hang_up())], ["ok", "hung_up"], share=1
    ),
    "couple, the second rings back": Behaviour(
        [answer(press("1"), hang_up(), then_call=ring_back(60.0, press("2"), press("2")))], ["ok", "needs_supplies"]
    ),
}

ONE_BY_ONE = [press("1"), SILENCE] * 20
"""Accepts, hears where to go, and is offered the next case of the same call."""
RESPONDERS: Mapping[str, Behaviour] = {
    "accepts": Behaviour([answer(*ONE_BY_ONE, after=5.0)], share=4),
    "accepts one and hangs up": Behaviour([answer(press("1"), hang_up(), after=5.0)], share=1),
    "accepts all at once": Behaviour([answer(press("9"), after=5.0)], share=1),
    "accepts mid-sentence": Behaviour([answer(press("1", after=5.0, since="start"), after=3.0)], share=2),
    "listens twice, then accepts": Behaviour([answer(press("3"), press("1"))], share=1),
    "declines": Behaviour([answer(press("2"))], share=2),
    "never answers": Behaviour([no_answer()], share=2),
    "voicemail": Behaviour([MACHINE], share=2),
    "listens and presses nothing": Behaviour([answer(SILENCE)], share=1),
    "hangs up": Behaviour([answer(hang_up())], share=1),
    "declines, later accepts": Behaviour([answer(press("2")), answer(press("1"))], share=2),
}
OFFICE = Behaviour([no_answer(), answer(*ONE_BY_ONE, after=4.0)])
"""The office lets the first call ring and accepts every later one, so that a morning ends."""
