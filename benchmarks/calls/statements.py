"""Statements: what the database is asked while somebody waits on the line for the words that follow their key.

Key 1 and key 3 with few responders and with a hundred. Of key 3 the first is told in calls that are made for it, the
later ones join the calls that wait for the same responders, which takes more. SQLite; PostgreSQL takes one more for a
key 1 and two for a key 3, which only hold: the cases before their call, and the ladders.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import get_ident
from uuid import UUID

from sqlalchemy import event

from benchmarks.calls import webhook
from benchmarks.figures import Bound, Figure, at_most
from benchmarks.house import house
from contacts.community.community import the_community
from contacts.models import Responder
from core.storage import database
from ivr.dialogue.engine import Heard, Sound
from ivr.ports.events import Keys, TurnReport
from ivr.ports.turn_url import TurnAddress
from ivr.webhooks.converse import converse
from zaoan.process import wiring

FEW, MANY = 3, 100
MOST_WELL, MOST_UNWELL = 8, 20
"""The bounds: statements of a key 1 and of a key 3, whatever the number of responders."""
KEYS = "1313"
UNCOUNTED = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "SELECT dialogues.used_at", "INSERT INTO dialogues")
"""Those that begin and end transactions, and the two by which a process makes sure once an hour of a dialogue."""


def figures() -> list[Figure]:
    """Each key of a few calls of a round that goes on; the figure is the most that any of them took."""
    few, many = _of(FEW), _of(MANY)
    return [
        _figure("statements of a key 1", "1", few, many, at_most(MOST_WELL)),
        _figure("statements of a key 3", "3", few, many, at_most(MOST_UNWELL)),
    ]


def _figure(name: str, key: str, few: Sequence[int], many: Sequence[int], bound: Bound) -> Figure:
    counts = [[count for pressed, count in zip(KEYS, each, strict=True) if pressed == key] for each in (few, many)]
    beside = f"{counts[0]} with {FEW} responders, {counts[1]} with {MANY}"
    return Figure(name, max(map(max, counts)), "", beside, bound=bound)


def _of(responders: int) -> Sequence[int]:
    with house(len(KEYS) + 2) as chosen:
        connected = wiring.connect(chosen, chosen.public_url, "http://127.0.0.1:9")
        with database.unit_of_work() as session:
            community_id = the_community(session).id
            session.add_all(
                Responder(community_id=community_id, name=f"帮手{index}", role="volunteer", language="zh-CN",
                          number=f"+86139{index:08d}") for index in range(2, responders + 1)
            )  # fmt: skip
        [warm, *others, _] = webhook.placed_calls()
        counted(*warm, "1")
        counts = [counted(*each, key) for each, key in zip(others, KEYS, strict=True)]
        connected.close()
    return counts


def counted(call_id: UUID, provider_id: str, key: str) -> int:
    """How many statements a webhook takes that tells of this key, after one that has told that somebody is there."""
    _hears(TurnAddress(call_id, 0), provider_id, Heard(Sound.ANSWERED))
    with told() as statements:
        _hears(TurnAddress.read(call_id, 1, {"step": "ask-0", "play": "1"}), provider_id, Heard(Sound.KEY, key))
    return len(statements)


@contextmanager
def told() -> Iterator[list[str]]:
    """The statements that this thread makes meanwhile, without ``UNCOUNTED`` ones."""
    found: list[str] = []
    mine = get_ident()  # others note beside it how the voice fares

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if get_ident() == mine and not statement.startswith(UNCOUNTED):
            found.append(statement)

    engines = database.current().engines
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


def _hears(address: TurnAddress, provider_id: str, heard: Heard) -> None:
    report = TurnReport(provider_id, "", Keys(heard.key))
    database.store(lambda session: converse(session, address, report, heard))
