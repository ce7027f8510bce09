"""Whose telephone a responder's number is, as a case sees it: nobody is asked to look after themselves.

A responder may be a resident as well, live with one, or have one of our own lines written down as theirs. Numbers are
compared in E.164, second telephones included.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from contacts.queries import ResponderNear
from escalation.models import Case
from escalation.queries import paging as queries_paging
from ivr import queries as telephone


@dataclass(frozen=True)
class Telephones:
    """``own``: the resident's and our lines, never rung about the case and never accepting it.

    ``household``: those of whoever lives with the resident, and of whoever told us of the case; rung last, and an
    acceptance from them leaves everybody else's telephone ringing.
    ``at_home``: the household's without whoever told us.
    """

    own: frozenset[str] = frozenset()
    household: frozenset[str] = frozenset()
    at_home: frozenset[str] = frozenset()


def telephones(session: Session, case: Case) -> Telephones:
    """The telephones that are too near to a case."""
    caller = frozenset((case.caller,)) if case.caller else frozenset[str]()
    if case.resident_id is None:
        ours = telephone.our_numbers(session)
        return Telephones(ours, caller - ours)
    home, ours = queries_paging.surroundings(session, case.resident_id)
    numbers = home.numbers
    own = ours | {number for number, resident_id in numbers if resident_id == case.resident_id}
    at_home = frozenset(number for number, _ in numbers) - own
    return Telephones(own, (caller | at_home) - own, at_home)


def passed_over(near: Sequence[ResponderNear], case: Telephones) -> list[ResponderNear]:
    """Those of the responders whom a telephone may ring about the case, with that one alone, in their order."""
    free = ((each, tuple(number for number in each.numbers if number not in case.own)) for each in near)
    return [replace(each, numbers=numbers) for each, numbers in free if numbers]


def is_near(numbers: Collection[str], case: Telephones) -> bool:
    """Whether one of these telephones is the resident's, their household's, or that of whoever told us of the case."""
    return not case.own.isdisjoint(numbers) or not case.household.isdisjoint(numbers)
