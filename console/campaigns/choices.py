"""What can be chosen of an audience by ticking: the part of all rules that one sentence says, and back.

Residents are chosen by each of these together, and by those left empty not at all. A rule that says something else is
none of them (``choices_of`` gives None), and is kept and changed as it is written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from campaigns.audiences.rules import (
    EVERYONE,
    Aged,
    AllOf,
    Everyone,
    Flagged,
    InRound,
    LivesIn,
    Not,
    OnList,
    Rule,
    Speaks,
)
from core.i18n import Language


@dataclass(frozen=True)
class Choices:
    """Whoever carries one of ``flags`` (``every_flag``: all of them), is ``least`` to ``most`` years old, lives in one
    of ``areas``, speaks one of ``languages``, is on a list, has or has not ``answered`` in the latest round of a
    campaign; and neither carries one of ``but_flags`` nor is on ``but_list_id``."""

    flags: tuple[str, ...] = ()
    every_flag: bool = False
    least: int | None = None
    most: int | None = None
    areas: tuple[UUID, ...] = ()
    languages: tuple[Language, ...] = ()
    list_id: UUID | None = None
    campaign_id: UUID | None = None
    answered: bool = False
    but_flags: tuple[str, ...] = ()
    but_list_id: UUID | None = None


NONE = Choices()
"""Everybody."""


def rule_of_choices(chosen: Choices) -> Rule:
    """The rule that says the same."""
    parts = list(_parts(chosen))
    if len(parts) > 1:
        return AllOf(of=tuple(parts))
    return parts[0] if parts else EVERYONE


def choices_of(rule: Rule) -> Choices | None:
    """What was chosen where a rule says no more than that; None where it does."""
    parts = rule.of if isinstance(rule, AllOf) else (rule,)
    flagged = [each for each in parts if isinstance(each, Flagged)]
    found = _of_flags(flagged)
    for each in parts:
        if found is None:
            return None
        found = found if isinstance(each, Flagged) else _with(found, each)
    return found


def _parts(chosen: Choices) -> Iterable[Rule]:
    if chosen.flags and chosen.every_flag:
        yield from (Flagged(any_of=(each,)) for each in chosen.flags)
    elif chosen.flags:
        yield Flagged(any_of=chosen.flags)
    if chosen.least is not None or chosen.most is not None:
        yield Aged(least=chosen.least, most=chosen.most)
    if chosen.areas:
        yield LivesIn(any_of=chosen.areas)
    if chosen.languages:
        yield Speaks(any_of=chosen.languages)
    if chosen.list_id:
        yield OnList(list_id=chosen.list_id)
    if chosen.campaign_id:
        yield InRound(answered=chosen.answered, campaign_id=chosen.campaign_id)
    if chosen.but_flags:
        yield Not(of=Flagged(any_of=chosen.but_flags))
    if chosen.but_list_id:
        yield Not(of=OnList(list_id=chosen.but_list_id))


def _of_flags(flagged: Sequence[Flagged]) -> Choices | None:
    """One of some flags, or each of several; a rule that nobody meets, or that mixes both, is no choice."""
    if not flagged:
        return NONE
    if len(flagged) == 1:
        return Choices(flags=flagged[0].any_of) if flagged[0].any_of else None
    each = tuple(one.any_of[0] for one in flagged if len(one.any_of) == 1)
    return Choices(flags=each, every_flag=True) if len(each) == len(flagged) else None


def _with(so_far: Choices, rule: Rule) -> Choices | None:
    """The choices with one more; None where it is none, or is made a second time."""
    match rule:
        case Everyone():
            return so_far
        case Aged(least=least, most=most) if so_far.least is None and so_far.most is None:
            return replace(so_far, least=least, most=most)
        case LivesIn(any_of=areas) if areas and not so_far.areas:
            return replace(so_far, areas=areas)
        case Speaks(any_of=languages) if languages and not so_far.languages:
            return replace(so_far, languages=languages)
        case OnList(list_id=list_id) if so_far.list_id is None:
            return replace(so_far, list_id=list_id)
        case InRound(campaign_id=campaign_id, answered=answered) if campaign_id and so_far.campaign_id is None:
            return replace(so_far, campaign_id=campaign_id, answered=answered)
        case Not(of=Flagged(any_of=flags)) if flags and not so_far.but_flags:
            return replace(so_far, but_flags=flags)
        case Not(of=OnList(list_id=list_id)) if so_far.but_list_id is None:
            return replace(so_far, but_list_id=list_id)
        case _:
            return None
