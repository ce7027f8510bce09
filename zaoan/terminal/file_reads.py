"""What commands read of people's files: noted in the audit log before a word of it is printed, as pages note it.

``READS`` is the table of these commands, and ``OTHERS`` says of every other one why nothing is noted. A test compares
both with the commands that there are, and types each of the former (``tests/zaoan/cli/test_file_reads.py``).
"""

from collections.abc import Mapping
from uuid import UUID

from typer._click.globals import get_current_context

from contacts.community.community import the_community
from core.identity import audit
from core.storage.database import write
from zaoan.terminal.common import acting

READS: Mapping[str, str] = {
    "resident list": "names, addresses and telephones of everybody",
    "resident show": "a whole file, and with --health what is known of their health",
    "resident history": "who changed what of a file",
    "resident duplicates": "names of those who may have been written down twice",
    "relative list": "names and telephones of a resident's relatives",
    "household list": "every home and how many live there",
    "household show": "who lives in a home, and the way in",
    "household history": "who changed what of a home",
    "list show": "names of those on a list",
    "responder list": "names and telephones of everybody who helps",
    "responder show": "all that is known of a responder",
    "roster show": "who is on duty, and who is absent and why",
    "roster who": "names and telephones of those who are on duty",
    "campaign audience": "names of those whom a campaign or a rule means",
    "round show": "everybody in a round, by name, with what came of it",
    "round report": "the same, and each exception",
    "report month": "with --names the residents of the hardest cases",
    "round verify": "check-ins for which a promise was not kept",
    "case list": "names and addresses of those about whom there are cases",
    "case show": "a case with all that happened in it",
    "trials": "names, and what trial calls have shown",
    "checklist": "names, telephones and relatives of everybody, on paper",
    "export": "all residents or responders, as a spreadsheet",
    "import": "who stands in our files and not in the list",
    "prompt recordings": "whose name is said by which recording",
    "prompt play": "what is said to a resident, as they hear it",
    "user list": "who may sign in",
}
"""By the words of the command, what it shows."""

_CHANGES = "a change, which the event log tells with whoever typed it"
_NOBODY = "shows nobody's file"
OTHERS: Mapping[str, str] = {
    **dict.fromkeys(
        ("community set", "campaign create", "campaign activate", "campaign test", "campaign start", "campaign edit",
         "campaign rename", "campaign pause", "campaign resume", "campaign stop", "campaign remove", "round stop",
         "case accept", "case on-the-way", "case at-the-door", "case on-the-phone", "case note", "case hand-over",
         "case give-back", "case connect", "case ring-again", "case merge", "case reopen", "case close",
         "resident add", "resident set", "resident move", "resident phone", "resident merge",
         "resident distinct", "resident erase", "resident pause",
         "resident resume", "resident remove", "resident restore", "resident consent", "household add",
         "household set", "household move", "household split", "household merge", "area create", "area rename",
         "area move", "area remove", "list create", "list add", "list remove", "relative add", "relative set",
         "relative remove", "relative link", "responder add", "responder set", "responder remove",
         "responder restore", "roster add", "roster remove", "roster absent", "roster swap", "roster feed",
         "user create",
         "user role", "user disable", "user enable", "user reset", "user sign-out", "user remove-codes",
         "user remove-passkeys", "token create", "token revoke", "webhook create", "webhook rotate", "webhook test",
         "webhook revoke", "keys rotate", "trial", "prompt record", "prompt forget"),
        _CHANGES,
    ),
    **dict.fromkeys(
        ("community show", "campaign list", "campaign show", "campaign check", "campaign next", "round list",
         "area list", "token list", "webhook list", "webhook deliveries", "dialogue list", "dialogue show",
         "dialogue check", "prompt list", "prompt render", "prompt say", "prompt pinyin", "up", "web", "worker",
         "beat", "trunk", "exchange", "demo", "rehearse", "migrate", "version", "keys list",
         "keys create", "retention", "roster gaps"),
        _NOBODY,
    ),
    "resident export": "the event log and the history of the file tell that all of it was written out, and by whom",
    "doctor": "changes nothing, so that it can be used where the database takes no writes; it names who shares a "
              "telephone",
}  # fmt: skip
"""By the words of every other command, why what it does is not noted as a read."""


def note_read(*subjects: UUID) -> None:
    """Whoever types the command that is under way reads these files (none: those of everybody), from here on.

    The entry is committed when this returns; raises ``KeyError`` in a command that is not in the table.
    """
    typed = get_current_context().command_path
    if typed.partition(" ")[2] not in READS:
        raise KeyError(typed)
    named = " ".join(map(str, subjects))
    write(lambda session: audit.note(session, acting(), the_community(session).id, typed, subject=named))
