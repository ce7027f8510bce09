"""Silence clusters in words: what is common, the numbers, and the names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns.noticed import Common, SilenceCluster
from campaigns.queries import silences as queries
from contacts.places import spoken_building
from core.i18n import Language, translate

_WORDS: Mapping[Common, str] = {
    Common.BUILDING: "{silent} of {rung} residents of {what} were not reached; of the others, {others_silent} of"
    " {others_rung}. Perhaps the power, the telephones or the house has a trouble: please find out.",
    Common.EXCHANGE: "{silent} of {rung} residents whose number begins with {what} were not reached; of the others,"
    " {others_silent} of {others_rung}. Perhaps the exchange has a trouble: please ask the telephone company.",
    Common.LINE: "{silent} of {rung} residents who were rung from our line {what} were not reached; of the others,"
    " {others_silent} of {others_rung}. Perhaps this line has a trouble: please try a call from it.",
    Common.ROUND: "{silent} of the {rung} residents of this round were not reached, wherever they live. Perhaps our"
    " line or the telephone company has a trouble: please try a call from it, and ring some of them from another"
    " telephone.",
}


@dataclass(frozen=True)
class ClusterLine:
    """One silence cluster; ``names`` are those of the silent residents."""

    case_id: UUID
    common: Common
    name: str
    silent: int
    rung: int
    others_silent: int
    others_rung: int
    names: Sequence[str]

    def said(self, language: Language, region: str) -> str:
        """What is common, and the numbers; telephone numbers are written as in ``region``."""
        return translate(language, _WORDS[self.common], what=self.what(language, region), silent=self.silent,
                         rung=self.rung, others_silent=self.others_silent, others_rung=self.others_rung)  # fmt: skip

    def what(self, language: Language, region: str) -> str:
        """What is common, in words."""
        from contacts.phones import formatted  # its tables are large: commands that only look start faster without

        match self.common:
            case Common.BUILDING:
                return spoken_building(language, self.name)
            case Common.EXCHANGE:
                return formatted(f"{self.name}0000", region)[:-4].rstrip() + "…"
            case Common.LINE:
                return formatted(self.name, region)
            case Common.ROUND:
                return ""


def of_cases(session: Session, case_ids: Sequence[UUID]) -> dict[UUID, ClusterLine]:
    """By case, the silence cluster that it is about; two statements."""
    return {each.case_id: each for each in _lines(session, [*queries.clusters_of_cases(session, case_ids).values()])}


def of_round(session: Session, round_id: UUID) -> list[ClusterLine]:
    """The silence clusters of a round, the earliest first; two statements."""
    return _lines(session, queries.clusters_of_round(session, round_id))


def _lines(session: Session, found: Sequence[SilenceCluster]) -> list[ClusterLine]:
    names = queries.names_of_check_ins(session, [UUID(each) for cluster in found for each in cluster.check_ins])
    return [
        ClusterLine(each.case_id, each.common, each.name, len(each.check_ins), each.rung, each.others_silent,
                    each.others_rung, [names[UUID(one)] for one in each.check_ins if UUID(one) in names])
        for each in found
    ]  # fmt: skip
