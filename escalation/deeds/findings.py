"""Findings, as they are chosen in a form."""

from core.errors import UserError
from escalation.models import Finding


def chosen(finding: str, note: str) -> Finding:
    """The finding that was chosen; raises ``UserError`` for none of ours, or for "something else" without a note."""
    if finding not in set(Finding):
        raise UserError("Nobody knows the finding {value}.", way_out="Choose one of the list.", field="finding",
                        value=finding)  # fmt: skip
    if finding == Finding.OTHER and not note.strip():
        raise UserError("A case is closed with a word about how it went.",
                        way_out="Choose what was found, or write a short note.", field="note")  # fmt: skip
    return Finding(finding)
