"""Mornings in which the service is killed again and again, while the exchange and its people go on."""

import json
import os
import random
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from time import monotonic, sleep

from campaigns import queries
from campaigns.changes import new_campaigns
from contacts.community.community import the_community
from contacts.hours import hours_of
from core import actors, clock
from core.running import installation
from core.running.installation import Purpose
from core.storage.database import reading, unit_of_work
from tests.faults.doomed import FATE, Fate, census, doomed, killed_at
from tests.journeys.neighbourhood import lasting_exchange, settings_in
from tests.patience import PATIENCE_SECONDS
from tests.processes import Forked
from zaoan.process import wiring
from zaoan.rehearsal.morning import CAMPAIGN, LATE_UNTIL, NOTICE, Morning, close_in_time, import_people, is_over
from zaoan.rehearsal.running import NotStartedError, RunningService
from zaoan.rehearsal.town import draw_town

SPEED = 120
PASSES = (0, 0, 1, 2, 4)
AT_LATEST = 30
"""Boundaries after which a service dies in any case, where its own fate does not come."""
LIFE_SECONDS = 4 * PATIENCE_SECONDS  # a whole morning


class DoomedService(RunningService):
    def _started(self, words, environment, said):
        return Forked(doomed, words, environment, said)

    def died(self):
        return self._process.poll() is not None


@dataclass
class Survivor:
    """A morning that went on until it was over, whatever was killed."""

    morning: Morning
    kills: list = field(default_factory=list)
    lives: list = field(default_factory=list)
    """From when to when (real time) each service was ready."""


@contextmanager
def killed_morning(directory, seed, residents, kills, next_fate=None, exchange=(), **settings):
    """Lives through a morning in which the service is killed so many times; its people are drawn from the seed.

    ``next_fate(census, chance)`` says where it dies next; ``exchange`` are more words of the exchange's command line.
    """
    chosen = settings_in(directory, **({"clock_speed": SPEED} | settings))
    town = draw_town(residents, seed)
    opened = wiring.open_house(chosen, None)
    try:
        import_people(chosen, town.write(directory))
        with lasting_exchange(chosen, directory, *exchange):
            yield _live_through(chosen, directory, town, random.Random(seed), kills, next_fate or _next_fate)
    finally:
        opened.close()


def _live_through(chosen, directory, town, chance, kills, next_fate):
    told = directory / "census.jsonl"
    began, lives = None, []
    while sum(killed for _, killed in census(told)) < kills:
        os.environ[FATE] = _write(next_fate(told, chance))
        try:
            with DoomedService(chosen, Purpose.REHEARSAL, directory) as service:
                with _living(lives, told):
                    began = began or _begin(service, town)
                    until = monotonic() + LIFE_SECONDS
                    while not service.died() and not _is_over():
                        assert monotonic() < until, "the service neither dies nor ends its morning"
                        close_in_time()
                        sleep(0.05)
                if not service.died():
                    break
        except NotStartedError:
            continue
    os.environ[FATE] = _write(Fate(str(told)))
    with DoomedService(chosen, Purpose.REHEARSAL, directory) as service:
        with _living(lives, told):
            began = began or _begin(service, town)
            until = monotonic() + LIFE_SECONDS
            while not _is_over():
                assert monotonic() < until, "the morning does not end"
                close_in_time()
                sleep(0.1)
        with reading() as session:
            round_id = queries.rounds(session, limit=1)[0].id
    survived = Survivor(Morning(service, town, round_id, chosen.clock_speed, began), lives=lives)
    survived.kills = [boundary for boundary, killed in census(told) if killed]
    return survived


@contextmanager
def _living(lives, told):
    """Notes how long a service lived: until it was killed, which a busy machine notices seconds later."""
    ready_at = clock.real_now()
    try:
        yield
    finally:
        killed = [at for at in killed_at(told) if at > ready_at]
        lives.append((ready_at, min([clock.real_now(), *killed])))


def _begin(service, town):
    """People get their telephones, and a campaign its time; the service starts the round by itself."""
    service.script(town.subscribers())
    with reading() as session:
        began = installation.follow_clock(session)
    with unit_of_work() as session:
        zone = hours_of(the_community(session)).zone
        at = (clock.now() + NOTICE).astimezone(zone).time().replace(second=0, microsecond=0)
        campaign = new_campaigns.create_campaign(session, actors.system(), CAMPAIGN, flags=None, at=at, retry_minutes=3)
        campaign.deadline_minutes, campaign.late_until = 11 * 60, LATE_UNTIL
    return began


def _is_over():
    with reading() as session:
        known = queries.rounds(session, limit=1)
        return bool(known) and is_over(session, known[0].id)


def _next_fate(told, chance):
    """The boundary at which the fewest have died so far, after some passes."""
    met = census(told)
    deaths = Counter({boundary: 0 for boundary, _ in met})
    deaths.update(boundary for boundary, killed in met if killed)
    if not deaths:
        return Fate(str(told), at_latest=chance.randrange(1, AT_LATEST))
    fewest = min(deaths.values())
    boundary = chance.choice(sorted((each for each, times in deaths.items() if times == fewest), key=str))
    return Fate(str(told), boundary, chance.choice(PASSES), AT_LATEST)


def while_keys_are_stored(peace):
    """Dies before the commit of what a resident has just pressed, when it has lived for so long (real seconds)."""
    return lambda told, chance: Fate(str(told), passes=chance.randrange(0, 2), keys=True, peace=peace)


def _write(fate):
    return json.dumps(asdict(fate))
