"""Voicing: sound for words that are soon to be said, made beside the call in which that was learnt."""

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from sqlalchemy.orm import Session

from core.database import after_commit, reading
from ivr import calls, queries, recorded
from ivr.dialogue import Dialogue
from ivr.overlay import EVERYBODY, Overlay
from ivr.station import station

VOICING = "ivr.voice"
TIDYING = "ivr.tidy"
TIDYING_SECONDS = 3600.0
"""Oftener than once a day, because a service that is started anew begins to count anew."""

log = logging.getLogger(__name__)
_pool = ThreadPoolExecutor(1, thread_name_prefix="voicing-soon")


def prepare_soon(session: Session, dialogue: Dialogue) -> None:
    """Makes the clips of a dialogue once this unit of work has committed; until then the provider speaks."""
    overlay = recorded.overlay(session, dialogue, EVERYBODY)
    after_commit(session, partial(_submit, dialogue, overlay))


def voice_calls_in() -> None:
    """Makes the clips of calls that came in and go on: only their first words may be the provider's."""
    with reading() as session:
        under_way = [(calls.dialogue_of(call), calls.overlay_of(call)) for call in queries.calls_in_under_way(session)]
    for dialogue, overlay in under_way:
        _prepare(dialogue, overlay)


def _submit(dialogue: Dialogue, overlay: Overlay) -> None:
    _pool.submit(_prepare, dialogue, overlay)


def _prepare(dialogue: Dialogue, overlay: Overlay) -> None:
    for failure in station().speaker.prepare(dialogue, overlay):
        log.warning("the provider's voice will say it: %s", failure)
