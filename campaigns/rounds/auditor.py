"""The auditor: looks for anybody whom the rest of the service might have forgotten, and mends it loudly."""

import logging
from functools import partial

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.models import CheckIn
from campaigns.outcomes import QUIET
from campaigns.rounds import check_ins, rounds
from campaigns.rounds.round_end import close_for_good, close_past_deadline
from core import actors, clock
from core.running import events
from core.storage.database import write

log = logging.getLogger(__name__)
AUDIT = "campaigns.audit"
BATCH = 200


def audit() -> None:
    """Every promise about rounds, checked against the rows.

    1. Past the deadline every check-in has its outcome, or a call that is still under way. 2. An open one waits for a
    time or for a call. 3. Whatever is not quiet has a case. 4. A round without an open check-in is complete.
    """
    for close in (close_past_deadline, close_for_good):
        write(partial(close, now=clock.now()))
    write(_put_right)


def _put_right(session: Session) -> None:
    for check_in in queries.stranded(session, BATCH):
        _report(session, "stranded", check_in)
        check_ins.try_again(session, check_in)
    for check_in in queries.without_case(session, sorted(QUIET), BATCH):
        _report(session, "without_case", check_in)
        check_ins.look_after(session, actors.system(), check_in)
    for round_ in queries.open_rounds(session):
        rounds.complete_if_done(session, round_.id)


def _report(session: Session, what: str, check_in: CheckIn) -> None:
    log.error("the auditor found check-in %s %s", check_in.id, what)
    events.append(session, actors.system(), f"auditor.{what}", check_in.id)
