"""Round: seconds and peak memory to create one of 1 k, 10 k, 100 k residents; the tick's cost beside old calls; how
fast the first round of new residents is dialled.
"""

from contextlib import closing
from datetime import timedelta
from time import perf_counter

from sqlalchemy import insert, update

from benchmarks import peak_memory
from benchmarks.figures import Figure, at_least
from benchmarks.house import house
from benchmarks.scale.round_calls import call_everybody_otherwise, placed_in_a_round
from campaigns.changes import new_campaigns, round_starts
from campaigns.models import Campaign
from campaigns.rounds import attempts
from campaigns.rounds.clips_ahead import ClipsAhead
from campaigns.tasks import tick
from core import actors, clock
from core.i18n import Language
from core.ids import new_id
from core.storage import database
from core.storage.database import reading, unit_of_work
from escalation.tasks import climb
from ivr import queries
from ivr.dialogue.engine import Dialogue, End
from ivr.dispatch import calls
from ivr.models import Call, Line
from ivr.tasks import sweep
from zaoan.process import wiring

SIZES = (1_000, 10_000, 100_000)
OLD_CALLS = (0, 100_000, 1_000_000)
TICKS = 20
WAITING = 100
BATCH = 20_000
NEW, ALLOWED, LEAST_PLACED = 300, 30, 28
SILENT = Dialogue(name="silent", language=Language.CHINESE, first="quiet", steps={"quiet": End(prompts=())})


def figures() -> list[Figure]:
    """All of them."""
    return [*(_creation(size) for size in SIZES), *_ticks(), _first_round()]


def _creation(size: int) -> Figure:
    with house(size):
        with unit_of_work() as session:
            campaign_id = new_campaigns.create_campaign(session, actors.system(), "bench", flags=None).id
        begun = perf_counter()
        with unit_of_work() as session:
            round_starts.start_now(session, actors.system(), session.get_one(Campaign, campaign_id))
        seconds = perf_counter() - begun
    megabytes = peak_memory.of_this_process()
    return Figure(f"round of {size:,} created", seconds, "s", f"peak memory so far {megabytes:.0f} MB")


def _first_round() -> Figure:
    """Everybody is new and called otherwise; the day before their first round has passed when it begins."""
    with house(NEW) as chosen, closing(wiring.connect(chosen, chosen.public_url, "http://127.0.0.1:9")):
        call_everybody_otherwise()
        with unit_of_work() as session:
            campaign_id = new_campaigns.create_campaign(session, actors.system(), "bench", flags=None).id
            session.get_one(Campaign, campaign_id).next_round_at = clock.now() + timedelta(hours=12)
            session.execute(update(Line).values(calls_per_second=ALLOWED, calls_at_once=2 * NEW))
        begun, clips = perf_counter(), ClipsAhead()
        while not clips.make():
            pass
        ahead = perf_counter() - begun
        placed = placed_in_a_round(campaign_id, NEW)
    rate = (len(placed) - 1) / (placed[-1] - placed[0])
    beside = f"of {ALLOWED} allowed; {NEW} residents, whose clips took {ahead:.0f} s of the day before"
    return Figure("first round of new residents, calls placed", rate, "a second", beside, rate / ALLOWED,
                  at_least(LEAST_PLACED))  # fmt: skip


def _ticks() -> list[Figure]:
    found, first = [], 0.0
    with house(100) as chosen, closing(wiring.connect(chosen, chosen.public_url, "http://127.0.0.1:9")):
        _begin_a_round()
        there = 0
        for old in OLD_CALLS:
            _add_old_calls(old - there)
            there = old
            milliseconds = _tick_milliseconds()
            first = first or milliseconds
            beside = "the tick without old calls"
            found.append(Figure(f"tick beside {old:,} old calls", milliseconds, "ms", beside, milliseconds / first))
    return found


def _begin_a_round() -> None:
    """So that there is something to look for: everybody waits to be rung."""
    with unit_of_work() as session:
        campaign_id = new_campaigns.create_campaign(session, actors.system(), "bench", flags=None).id
    with unit_of_work() as session:
        round_starts.start_now(session, actors.system(), session.get_one(Campaign, campaign_id))


def _tick_milliseconds() -> float:
    _tick()
    begun = perf_counter()
    for _ in range(TICKS):
        _tick()
    return (perf_counter() - begun) / TICKS * 1000


def _tick() -> None:
    """What the rooms ask every second: who is due, whom to dial next, which ladders climb, what was left behind."""
    tick()
    climb()
    sweep()
    with reading() as session:
        queries.waiting_calls(session, clock.now(), WAITING)


def _add_old_calls(count: int) -> None:
    now = clock.now()
    with database.unit_of_work() as session:
        silent = calls.carried(session, SILENT)
    for start in range(0, count, BATCH):
        rows = [
            {
                "id": new_id(),
                "direction": "out",
                "number": f"+86311{10_000_000 + index:08d}",
                "owner": attempts.OWNER,
                "dialogue_digest": silent["dialogue_digest"],
                "particulars": silent["particulars"],
                "answered_at": now,
                "overdue_at": now,
                "urgency": 10,
                "state": "ended",
                "ring_seconds": 60,
                "due_at": now,
                "not_after": now,
                "by_machine": False,
                "hang_up_wanted": False,
            }
            for index in range(start, min(start + BATCH, count))
        ]
        with database.unit_of_work() as session:
            session.execute(insert(Call), rows)
