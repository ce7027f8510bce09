"""Changing the policy of a kind of case: checked as a whole, and told to the ladders at once."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from core import clock
from core.actors import Actor
from core.errors import ConflictError
from core.i18n import in_words
from core.running import events
from core.running.wakeups import wake
from escalation import queries
from escalation.cases import cases
from escalation.models import PolicyOverride
from escalation.paging.paging import alone_on_ladders
from escalation.paging.reach import ABOUT_NOBODY, gaps, homes_and_helpers
from escalation.policies import DUTY, EVERY, Policy, Scope, Table
from escalation.policy_editing.written import WrittenPolicy, written_in, written_policy
from escalation.policy_lookup import hand_down, laid_over, layers
from escalation.policy_terms import Laid, Terms, kind_in_words, tables
from escalation.queries import overrides

CHANGED = "community.changed"


def change_policy(
    session: Session, actor: Actor, community_id: UUID, campaign_id: UUID | None, kind: str, own: Terms
) -> WrittenPolicy:
    """From now on this scope says exactly ``own`` about a kind; a term that says what holds beneath is not kept.

    It holds for open cases as well, whose ladders look again at once. ``campaign_id`` is of the community. Raises
    ``UserError`` for terms that cannot be, here or in a campaign above, and ``ConflictError`` for a policy that would
    ring somebody and by which nobody can be rung. Nothing is changed then.
    """
    alone_on_ladders(session, community_id)
    before = written_policy(session, community_id, campaign_id, kind)
    scope = (community_id, campaign_id)
    kept = {term: value for term, value in own.items() if before.beneath.get(term) != value}
    if kept == before.own:
        return before
    known = laid_over(queries.policy_overrides(session))
    wanted = _with(known, scope, kind, kept)
    table = tables(*layers(wanted, scope))
    for other in wanted:
        if other[0] == community_id:
            tables(*layers(wanted, other))
    _refuse_unreachable(session, community_id, tables(*layers(known, scope)), table)
    _keep(session, scope, kind, kept)
    after = written_in(wanted, scope, kind)
    _tell(session, actor, scope, before, after)
    return after


def _with(known: Mapping[Scope, Laid], scope: Scope, kind: str, own: Terms) -> Mapping[Scope, Laid]:
    others = {each: terms for each, terms in known.get(scope, {}).items() if each != kind}
    return {**known, scope: {**others, kind: own} if own else others}


def _refuse_unreachable(session: Session, community_id: UUID, before: Table, after: Table) -> None:
    """Of kinds that now ask others than before; what could reach nobody already is told on Today and at each check."""
    anew = [kind for kind, policy in after.items() if policy.rings and policy.roles != before[kind].roles]
    if not anew:
        return
    homes, helpers = homes_and_helpers(session, community_id)
    roles = {each.role for each in helpers}
    everybody = sum(each.residents for each in homes)
    for kind in anew:
        alone = {gap.residents for gap in gaps(homes, helpers, {**after, **_quiet_but(after, kind)})}
        if after[kind].roles.isdisjoint(roles) or (kind not in {DUTY, *ABOUT_NOBODY} and everybody in alone):
            _refuse(kind, after[kind])


def _quiet_but(table: Table, kind: str) -> Table:
    """The others ring nobody, so that only this kind is asked about."""
    return {each: policy.asking_nobody for each, policy in table.items() if each != kind}


def _refuse(kind: str, policy: Policy) -> None:
    roles = [in_words(f"role:{role}") for step in policy.steps for role in step]
    raise ConflictError(
        "Nobody could be rung by this policy “{kind}”: no telephone of {roles} is known that could be.",
        way_out="Name somebody else, or write down whom you mean among those who help first.",
        field="steps", kind=kind_in_words(kind), roles=roles,
    )  # fmt: skip


def _keep(session: Session, scope: Scope, kind: str, own: Terms) -> None:
    row = overrides.policy_override(session, *scope, kind)
    if row is None and own:
        session.add(PolicyOverride(community_id=scope[0], campaign_id=scope[1], kind=kind, terms=dict(own)))
    elif row is not None and own:
        row.terms = dict(own)
    elif row is not None:
        session.delete(row)
    session.flush()
    hand_down(session, None)


def _tell(session: Session, actor: Actor, scope: Scope, before: WrittenPolicy, after: WrittenPolicy) -> None:
    """To the log, and to the ladders of what is open."""
    community_id, campaign_id = scope
    changed = sorted(term for term in {*before.terms, *after.terms} if before.terms.get(term) != after.terms.get(term))
    facts = {term: {"from": before.terms.get(term), "to": after.terms.get(term)} for term in changed}
    events.append(session, actor, CHANGED, community_id, policy=after.kind, changes=facts,
                  campaign=str(campaign_id) if campaign_id else None)  # fmt: skip
    kinds = None if after.kind == EVERY else after.kind
    overrides.look_again(session, community_id, campaign_id, kinds, clock.now())
    wake(session, cases.ESCALATION)
