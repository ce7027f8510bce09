"""A policy as it is written down: what its community or campaign says itself, and what lies beneath."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from core.errors import NotFoundError
from escalation import queries
from escalation.policies import EVERY, KINDS, Scope
from escalation.policy_lookup import laid_over, layers
from escalation.policy_terms import Laid, Terms

ALL_KINDS = (EVERY, *KINDS)


@dataclass(frozen=True)
class WrittenPolicy:
    """The ``own`` terms of a kind of case in one scope, and what holds for each term where it says nothing itself."""

    kind: str
    own: Terms
    beneath: Terms

    @property
    def terms(self) -> Terms:
        """What holds."""
        return dict(self.beneath) | dict(self.own)


def written_policies(session: Session, community_id: UUID, campaign_id: UUID | None) -> Sequence[WrittenPolicy]:
    """Every kind of a scope, ``every`` first; one statement."""
    known = laid_over(queries.policy_overrides(session))
    return [written_in(known, (community_id, campaign_id), kind) for kind in ALL_KINDS]


def written_policy(session: Session, community_id: UUID, campaign_id: UUID | None, kind: str) -> WrittenPolicy:
    """One kind; raises ``NotFoundError`` for one that there is not."""
    if kind not in ALL_KINDS:
        raise NotFoundError("There is no kind of case {value} that an escalation policy could be for.",
                            way_out="Name one of: {names}.", field="kind", value=kind,
                            names=", ".join(ALL_KINDS))  # fmt: skip
    return written_in(laid_over(queries.policy_overrides(session)), (community_id, campaign_id), kind)


def written_in(laid: Mapping[Scope, Laid], scope: Scope, kind: str) -> WrittenPolicy:
    """One kind, of what is known already."""
    *under, own = layers(laid, scope)
    beneath = _over([each.get(EVERY, {}) for each in under])
    if kind != EVERY:
        beneath |= dict(own.get(EVERY, {})) | _over([each.get(kind, {}) for each in under])
    return WrittenPolicy(kind, own.get(kind, {}), beneath)


def _over(laid: Sequence[Terms]) -> dict[str, object]:
    return {term: value for each in laid for term, value in each.items()}
