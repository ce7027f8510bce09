"""What becomes of two files that are made one (``resident_merging``), told before it is done; nothing is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns.queries import merging
from contacts import relative_links
from contacts.duplicates.joining import FILLED
from contacts.models import Relative, Resident
from contacts.people.absences import Days, absences
from contacts.people.consent import consents_in_force, opt_outs_in_force
from contacts.people.health_notes import health_notes
from contacts.queries import duplicates
from core.timbre import Timbre
from escalation import queries as escalation
from escalation.models import Case


@dataclass(frozen=True)
class MergePreview:
    """What the ``kept`` file has from the ``other`` one afterwards, and what stays in the other one's name.

    ``filled`` are particulars of which only the other file tells something, by the name of their column; ``health``
    says that there are notes of it, and not which. ``earlier`` are check-ins and notices that are over: they stay as
    they were. ``asked`` are those that wait: the person is asked once. ``no_calls``: where either file knows of a wish
    for no calls, nobody rings the person any more. ``links`` are links to pages of relatives that end.
    """

    kept: Resident
    other: Resident
    telephones: Sequence[str]
    relatives: Sequence[Relative]
    flags: Sequence[str]
    filled: Sequence[str]
    notes: str
    health: bool
    consents: int
    no_calls: bool
    absences: Sequence[Days]
    lists: Sequence[str]
    cases: Sequence[Case]
    asked: int
    earlier: int
    links: int

    @property
    def version(self) -> dict[str, object]:
        """All of it as plain values: whoever has seen it has seen this merge."""
        return {
            "telephones": list(self.telephones), "relatives": sorted(each.id for each in self.relatives),
            "flags": list(self.flags), "filled": list(self.filled), "notes": self.notes, "health": self.health,
            "consents": self.consents, "no_calls": self.no_calls, "absences": list(self.absences),
            "lists": list(self.lists), "cases": sorted(each.id for each in self.cases), "asked": self.asked,
            "earlier": self.earlier, "links": self.links, "pair": (self.kept.id, self.other.id),
        }  # fmt: skip


def preview(session: Session, kept: Resident, other: Resident) -> MergePreview:
    """What ``resident_merging.merge`` would do with these two, as they stand now."""
    waiting, over = merging.counted(session, other.id)
    return MergePreview(
        kept=kept,
        other=other,
        telephones=_new([each.number for each in other.phones], [each.number for each in kept.phones]),
        relatives=_new_relatives(kept, other),
        flags=_new(sorted(each.flag for each in other.flags), [each.flag for each in kept.flags]),
        filled=_filled(kept, other),
        notes=_new_text(other.notes, kept.notes),
        health=bool(_new_text(health_notes(session, other.id), health_notes(session, kept.id))),
        consents=len(consents_in_force(other)),
        no_calls=bool(opt_outs_in_force(kept) or opt_outs_in_force(other)),
        absences=absences(session, other.id),
        lists=_new(duplicates.lists_of(session, other.id), duplicates.lists_of(session, kept.id)),
        cases=escalation.unclosed_cases(session, [other.id]),
        asked=waiting,
        earlier=over,
        links=sum(relative_links.has_link(session, each) for each in other.relatives),
    )


def is_in_call(session: Session, ids: Sequence[UUID]) -> bool:
    """Whether one of these is on the telephone with us, so that nothing can be merged now."""
    return any(merging.is_in_call(session, each) for each in ids)


def _new(theirs: Sequence[str], known: Sequence[str]) -> list[str]:
    return [each for each in theirs if each not in known]


def _new_relatives(kept: Resident, other: Resident) -> list[Relative]:
    known = {each.number for each in kept.relatives}
    return [each for each in other.relatives if each.number not in known]


def _filled(kept: Resident, other: Resident) -> list[str]:
    told = [each for each in FILLED if getattr(kept, each) is None and getattr(other, each) is not None]
    if kept.timbre == Timbre.USUAL != other.timbre:
        told.append("timbre")
    if not kept.reading and kept.name == other.name and other.reading:
        told.append("reading")
    return told


def _new_text(theirs: str, known: str) -> str:
    """What the other file says and the kept one does not say in the same words."""
    return "" if theirs.strip() == known.strip() else theirs.strip()
