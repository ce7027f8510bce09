"""``zaoan round``: one morning of a campaign, and the proof that nobody was forgotten."""

from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from campaigns import queries
from campaigns.models import CampaignKind, Outcome
from core import settings
from core.database import reading
from core.i18n import translate
from zaoan.commands.common import Json, installation_open, out, print_json
from zaoan.documents import check_in_documents, round_document

app = typer.Typer(no_args_is_help=True, help="Rounds: one morning of a campaign.")


@app.command("list")
def list_rounds(as_json: Json = False) -> None:
    """The latest rounds, newest first."""
    with installation_open(), reading() as session:
        known = [
            {**round_document(session, each.id), "campaign": each.campaign.name, "at": each.started_at.isoformat()}
            for each in queries.rounds(session)
        ]
    if as_json:
        print_json(known)
        return
    table = Table(*(_word(word) for word in ("round", "campaign", "started", "enrolled", "open")))
    for row in known:
        table.add_row(*(str(row[key]) for key in ("id", "campaign", "at", "enrolled", "open")))
    out.print(table)


@app.command()
def show(round_id: Annotated[UUID, typer.Argument(metavar="ROUND")], as_json: Json = False) -> None:
    """How a round stands: everybody in it, with outcome and case."""
    with installation_open(), reading() as session:
        document = round_document(session, round_id)
        lines = check_in_documents(session, round_id)
    if as_json:
        print_json({"round": document, "check_ins": lines})
        return
    table = Table(*(_word(word) for word in ("resident", "outcome", "attempts", "case")))
    for line in lines:
        case = line["case"]
        outcome = _outcome(document["kind"], line["outcome"])
        table.add_row(line["resident"], outcome, str(line["attempts"]), _word(case["state"]) if case else "")
    out.print(table)


def _outcome(kind: str, outcome: str | None) -> str:
    """In words; an ``ok`` of a notice says that it was heard, not that somebody is well."""
    if kind == CampaignKind.NOTICE and outcome == Outcome.OK:
        return _word("notice:ok")
    return _word(f"outcome:{outcome or 'open'}")


def _word(word: str) -> str:
    return translate(settings.current().language, word)
