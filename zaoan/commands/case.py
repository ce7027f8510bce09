"""``zaoan case``: what a person has to deal with."""

from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from core import settings
from core.database import reading
from core.i18n import translate
from escalation import cases, queries
from escalation.models import CaseKind, CaseState
from zaoan.commands.common import Json, installation_open, out, print_json
from zaoan.documents import case_documents

app = typer.Typer(no_args_is_help=True, help="Cases: what a person has to deal with.")


@app.command("list")
def list_cases(
    state: Annotated[CaseState | None, typer.Option(help="Only cases in this state.")] = None,
    kind: Annotated[CaseKind | None, typer.Option(help="Only cases of this kind.")] = None,
    as_json: Json = False,
) -> None:
    """Cases, the most urgent first."""
    with installation_open(), reading() as session:
        known = case_documents(session, queries.cases(session, state, kind))
    if as_json:
        print_json(known)
        return
    language = settings.current().language
    table = Table(
        *(translate(language, word) for word in ("case", "kind", "state", "resident", "place", "accepted by"))
    )
    for case in known:
        kind_word = translate(language, f"case:{case['kind']}")
        state_word = translate(language, case["state"])
        table.add_row(
            case["id"], kind_word, state_word, case["resident"] or "", case["place"], case["accepted_by"] or ""
        )
    out.print(table)


@app.command()
def show(case_id: Annotated[UUID, typer.Argument(metavar="CASE")], as_json: Json = False) -> None:
    """One case."""
    with installation_open(), reading() as session:
        document = case_documents(session, [cases.find(session, case_id)])[0]
    if as_json:
        print_json(document)
        return
    for key, value in document.items():
        out.print(f"{key}: {value if value is not None else '-'}", highlight=False)
