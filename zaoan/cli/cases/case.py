"""``zaoan case``: what a person has to deal with."""

from collections.abc import Mapping
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from contacts.community.community import the_community
from core import settings
from core.i18n import listed, translate
from core.short_ids import Named, resolve, short
from core.storage.database import reading
from escalation import queries
from escalation.models import Case, CaseKind, CaseState
from zaoan.cli.documents import case_documents, time_line_document
from zaoan.terminal.common import Json, installation_open, minute, print_fields, print_json
from zaoan.terminal.file_reads import note_read
from zaoan.terminal.tables import show_table
from zaoan.terminal.words import Word

NO_CASES = "There are no cases: nothing has happened yet that a person has to deal with."
CASE = Named(Case.id, "There is no case {value}.", "`zaoan case list` names them; `latest` is the newest.", NO_CASES)
KIND = Word(CaseKind, prefix="case:")
STATE = Word(
    CaseState,
    {
        CaseState.OPEN: ("待接手", "未接手", "待处理"),
        CaseState.ACCEPTED: ("已接手",),
        CaseState.ON_THE_WAY: ("在路上",),
        CaseState.ON_SITE: ("已到场",),
        CaseState.ON_PHONE: ("在通话",),
        CaseState.CLOSED: ("已办结", "已关闭"),
    },
    prefix="",
)
CaseId = Annotated[str, typer.Argument(metavar="CASE", help="A case, as `zaoan case list` prints it, or `latest`.")]


def list_cases(
    state: Annotated[CaseState | None, typer.Option(parser=STATE, help="Only cases in this state.")] = None,
    kind: Annotated[CaseKind | None, typer.Option(parser=KIND, help="Only cases of this kind.")] = None,
    as_json: Json = False,
) -> None:
    """Cases, the most urgent first."""
    with installation_open(), reading() as session:
        note_read()
        known = case_documents(session, queries.cases(session, state, kind))
        zone = ZoneInfo(the_community(session).timezone)
    if as_json:
        print_json(known)
        return
    chosen = state is not None or kind is not None
    show_table(
        ("case", "opened", "kind", "state", "resident", "place", "accepted by"),
        [(short(case["id"]), minute(case["opened_at"], zone), _word(f"case:{case['kind']}"), _word(case["state"]),
          _whom(case), case["place"], case["accepted_by"] or "") for case in known],
        "There is no such case." if chosen else NO_CASES,
    )  # fmt: skip


def show(case_id: CaseId, as_json: Json = False) -> None:
    """One case."""
    from escalation.cases import cases  # loads half of the service, which the list does not need

    with installation_open(), reading() as session:
        found = cases.find(session, resolve(session, CASE, case_id))
        note_read(found.id)
        document = case_documents(session, [found])[0] | {"time_line": time_line_document(session, found.id)}
        zone = ZoneInfo(the_community(session).timezone)
    if as_json:
        print_json(document)
        return
    print_fields(_fields(document, zone))


def _whom(case: Mapping[str, Any]) -> str:
    """The resident, or how many were not asked."""
    if case["people"]:
        return translate(settings.current().language, "{people} people", people=case["people"])
    return case["resident"] or ""


def _fields(case: Mapping[str, Any], zone: ZoneInfo) -> Mapping[str, object]:
    """Everything about a case, in words and community time."""
    return {
        "case": short(case["id"]),
        "kind": _word(f"case:{case['kind']}"),
        "state": _word(case["state"]),
        "resident": case["resident"],
        "place": case["place"],
        "caller": case["caller"],
        "what is common": case["cluster"]["said"] if case["cluster"] else "",
        "residents not reached" if case["cluster"] else "residents not called": listed(
            settings.current().language, case["residents"] or ()
        ),
        "what is needed": listed(settings.current().language, [_word(f"need:{each}") for each in case["needs"] or ()]),
        "opened": minute(case["opened_at"], zone),
        "accepted by": case["accepted_by"],
        "accepted at": minute(case["accepted_at"], zone),
        "asked to take it over": case["handing_to"],
        "merged into": short(case["merged_into"]) if case["merged_into"] else "",
        "helpers asked": case["pages"],
        "calls unanswered": "\n".join(
            f"{minute(each['at'], zone)}  {each['number']}  {each['code']}  {_word(each['why'])}"
            f"{' ' + _word(each['doubt']) if each['doubt'] else ''}"
            for each in case["unreached"]
        ),
        "texts": "\n".join(case["texts"]),
        "recording": _word(f"recording:{case['recording']}") if case["recording"] else "",
        "finding": _word(f"finding:{case['finding']}") if case["finding"] else "",
        "note": case["note"],
        "what happened": "".join(
            f"\n  {minute(each['at'], zone)}  {each['who']} {each['what']}{_said(each['note'])}"
            for each in case["time_line"]
        ),
    }


def _said(note: str) -> str:
    return f"\n      “{note}”" if note else ""


def _word(word: str) -> str:
    return translate(settings.current().language, word)
