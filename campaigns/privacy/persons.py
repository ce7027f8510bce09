"""By what the rows of one person are found: their files, check-ins, cases and calls, their telephones and names."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns.models import CheckIn, Trial
from campaigns.queries.keeping import personal
from contacts.models import Phone, Relative, Resident
from escalation.models import Case

SHORTEST_NAME = 2
"""Shorter words stand in too many others to tell anybody by them."""


@dataclass(frozen=True)
class Person:
    """One person; all that is about them is found by these.

    ``ids`` are their files, the kept one first; ``numbers`` (E.164) telephones of theirs and of their family that are
    nobody else's; ``names`` how they and their family are called, where nobody else here is called so; ``calls`` those
    about them, of which ``mentions`` only name them: they were with somebody else.
    """

    ids: Sequence[UUID]
    residents: Sequence[Resident]
    check_ins: Sequence[UUID]
    cases: Sequence[UUID]
    numbers: frozenset[str]
    names: frozenset[str]
    calls: frozenset[UUID]
    mentions: frozenset[UUID]

    @property
    def file(self) -> Resident:
        """The file that is kept."""
        return self.residents[0]

    @property
    def words(self) -> frozenset[str]:
        """Whatever tells in a text that it is about them."""
        return self.names | self.numbers | {str(each) for each in (*self.ids, *self.cases)}


def person(session: Session, resident_id: UUID) -> Person:
    """Everything that belongs to a resident and to those who are one with them, held until the transaction ends."""
    ids = personal.merged_into(session, resident_id)
    residents = sorted(personal.held(session, ids), key=lambda each: ids.index(each.id))
    check_ins = personal.rows(session, CheckIn.resident_id, ids)
    relatives = personal.rows(session, Relative.resident_id, ids)
    numbers = _own_numbers(session, ids, check_ins, relatives)
    names = _own_names(session, residents, relatives)
    cases = [each.id for each in (*personal.rows(session, Case.resident_id, ids),
                                  *personal.cases_told_from(session, numbers))]  # fmt: skip
    calls = personal.call_ids(session, ids, cases, numbers)
    words = names | numbers | {str(each) for each in (*ids, *cases)}
    others = personal.said_in_other_calls(session)
    mentions = {call_id for call_id, said in others if call_id not in calls and _names(said, words)}
    return Person(ids, residents, [each.id for each in check_ins], cases, numbers, names, frozenset(calls | mentions),
                  frozenset(mentions))  # fmt: skip


def _own_numbers(
    session: Session, ids: Sequence[UUID], check_ins: Iterable[CheckIn], relatives: Iterable[Relative]
) -> frozenset[str]:
    """Of today and of before, without those that are somebody else's as well."""
    known = {each.number for each in (*personal.rows(session, Phone.resident_id, ids), *relatives)}
    for each in (*check_ins, *personal.rows(session, Trial.resident_id, ids)):
        known |= {*each.numbers, *each.refused}
    known |= personal.numbers_told(session, ids)
    return frozenset(known) - personal.numbers_of_others(session, known, ids)


def _own_names(session: Session, residents: Sequence[Resident], relatives: Sequence[Relative]) -> frozenset[str]:
    known = {name for each in residents for name in (each.name, each.called)} | {each.name for each in relatives}
    known = {each for each in known if len(each) >= SHORTEST_NAME}
    return frozenset(known - personal.names_of_others(session, known, [each.id for each in residents]))


def _names(particulars: str, words: frozenset[str]) -> bool:
    """Whether what is said in a call names them."""
    said = "\n".join(map(str, json.loads(particulars)))
    return any(word in said for word in words)
