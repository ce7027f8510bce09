"""Findings: with which word a case is closed.

What the family reads for each is in ``escalation.cases.relative_words``, and in digests in
``campaigns.digests.digests``; its name on pages is ``finding:…`` in both catalogues.
"""

from enum import StrEnum

from core.errors import UserError


class Finding(StrEnum):
    """What was found by the person who closed a case. Only this word, never the free note, may reach the family."""

    FINE = "fine"
    HELPED = "helped"
    TAKEN_TO_HOSPITAL = "taken_to_hospital"
    NOT_FOUND = "not_found"
    FALSE_ALARM = "false_alarm"
    FAMILY_SPOKE = "family_spoke"
    """A relative has spoken to the resident, and says that all is well."""
    WRONG_NUMBER = "wrong_number"
    MOVED_AWAY = "moved_away"
    DECEASED = "deceased"
    OTHER = "other"


def chosen(finding: str, note: str) -> Finding:
    """The finding that was chosen; raises ``UserError`` for none of ours, or for "something else" without a note."""
    if finding not in set(Finding):
        raise UserError("Nobody knows the finding {value}.", way_out="Choose one of the list.", field="finding",
                        value=finding)  # fmt: skip
    if finding == Finding.OTHER and not note.strip():
        raise UserError("A case is closed with a word about how it went.",
                        way_out="Choose what was found, or write a short note.", field="note")  # fmt: skip
    return Finding(finding)
