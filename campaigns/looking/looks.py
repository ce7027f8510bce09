"""Looks: a round is looked at as a whole now and then, and once more when everybody in it has an outcome.

What is looked at is read, and judged, before anything is written; a second process that has looked meanwhile has done
the work. The ladder of a case is held before the round is, in the order of whoever decides a check-in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from campaigns.looking.changes import Remarked
from campaigns.looking.clusters import Cluster, Group, clusters, next_look, standing
from campaigns.looking.persons import remarked
from campaigns.looking.silences import observed
from campaigns.models import Round
from campaigns.noticed import Remark, SilenceCluster
from campaigns.queries import silences as queries
from campaigns.queries.silences import Due
from campaigns.rounds.rounds import LOOKING as LOOKING  # the name of the wake-up for this
from core import actors, clock
from core.running import events
from core.storage.database import alone, reading, write
from escalation.cases import cases

LOOKING_SECONDS = 10.0
_ALONE = "looks at rounds"


@dataclass(frozen=True)
class Look:
    """What a look at a round has shown: ``found`` is new, ``told`` how those stand that were found before.

    ``remarks`` are, by resident, what is unusual for them, once the round is over.
    """

    due: Due
    found: Sequence[Cluster]
    told: Mapping[Group, Cluster]
    remarks: Mapping[UUID, Sequence[Remarked]]


def look_at_rounds() -> None:
    """Looks at every round whose time for it has come; the office has a case for each silence cluster that is new."""
    with reading() as session:
        due = queries.rounds_to_look_at(session, clock.now())
    for each in due:
        with reading() as session:
            seen = look(session, each)
        write(partial(note, seen=seen))


def look(session: Session, due: Due) -> Look:
    """How a round stands; nothing is written."""
    rung = observed(session, due)
    groups = [(each.common, each.name) for each in queries.clusters_of_round(session, due.round_id)]
    remarks = remarked(session, due) if due.is_over else {}
    return Look(due, clusters(rung, groups), {group: standing(rung, group) for group in groups}, remarks)


def note(session: Session, seen: Look) -> bool:
    """Writes down what a look has shown; False where somebody else has looked since."""
    alone(session, _ALONE)
    if not queries.waits_for_that_look(session, seen.due):
        return False
    for known in queries.clusters_of_round(session, seen.due.round_id):
        if (stands := seen.told.get((known.common, known.name))) is not None:
            _recount(session, known, stands)
    for cluster in seen.found:
        _open(session, seen.due, cluster)
    _remark(session, seen)
    again = None if seen.due.is_over else next_look(seen.due.started_at, clock.now())
    session.execute(update(Round).where(Round.id == seen.due.round_id).values(look_at=again))
    return True


def _open(session: Session, due: Due, cluster: Cluster) -> None:
    case = cases.open_of_cluster(session, due.community_id, due.campaign_id, len(cluster.silent))
    about = SilenceCluster(round_id=due.round_id, case_id=case.id, common=cluster.common, name=cluster.name,
                           found_at=clock.now())  # fmt: skip
    _stand(about, cluster)
    session.add(about)


def _remark(session: Session, seen: Look) -> None:
    if seen.remarks:
        events.append(session, actors.system(), "round.remarked", seen.due.round_id, people=len(seen.remarks))
    session.add_all(
        Remark(round_id=seen.due.round_id, resident_id=resident_id, kind=each.kind, at=clock.now(),
               facts=dict(each.facts))
        for resident_id, remarks in seen.remarks.items() for each in remarks
    )  # fmt: skip


def _recount(session: Session, known: SilenceCluster, stands: Cluster) -> None:
    if stands.rung:
        _stand(known, stands)
        cases.count_cluster(session, known.case_id, len(stands.silent))


def _stand(cluster: SilenceCluster, as_now: Cluster) -> None:
    cluster.check_ins = [str(each) for each in as_now.silent]
    cluster.rung, cluster.others_silent, cluster.others_rung = as_now.rung, as_now.others_silent, as_now.others_rung
