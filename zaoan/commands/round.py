"""``zaoan round``: one morning of a campaign, and the proof that nobody was forgotten."""

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.models import CampaignKind, Outcome, Round
from contacts.community import the_community
from core import settings
from core.database import reading
from core.i18n import translate
from core.short_ids import Named, resolve, short
from zaoan.commands.common import Json, installation_open, minute, out, print_json
from zaoan.documents import check_in_documents, round_document

app = typer.Typer(no_args_is_help=True, help="Rounds: one morning of a campaign.")
ROUND = Named(Round.id, "There is no round {value}.", "`zaoan round list` names them; `latest` is the newest.")
RoundId = Annotated[str, typer.Argument(metavar="ROUND", help="A round, as `zaoan round list` prints it, or `latest`.")]


@app.command("list")
def list_rounds(as_json: Json = False) -> None:
    """The latest rounds, newest first."""
    with installation_open(), reading() as session:
        known = [
            {**round_document(session, each.id), "campaign": each.campaign.name, "at": each.started_at.isoformat()}
            for each in queries.rounds(session)
        ]
        zone = ZoneInfo(the_community(session).timezone)
    if as_json:
        print_json(known)
        return
    table = Table(*(_word(word) for word in ("round", "campaign", "started", "enrolled", "without a result")))
    for row in known:
        at, numbers = minute(row["at"], zone), (str(row["enrolled"]), str(row["open"]))
        table.add_row(short(row["id"]), row["campaign"], at, *numbers)
    out.print(table)


@app.command()
def show(round_id: RoundId, as_json: Json = False) -> None:
    """How a round stands: everybody in it, with outcome and case."""
    with installation_open(), reading() as session:
        found = find_round(session, round_id)
        document = round_document(session, found)
        lines = check_in_documents(session, found)
        zone = ZoneInfo(the_community(session).timezone)
    if as_json:
        print_json({"round": document, "check_ins": lines})
        return
    table = Table(*(_word(word) for word in ("resident", "outcome", "answered", "attempts", "case", "state")))
    for line in lines:
        case = line["case"]
        outcome, answered = _outcome(document["kind"], line["outcome"]), minute(line["answered_at"], zone)
        of_case = (short(case["id"]), _word(case["state"])) if case else ("", "")
        table.add_row(line["resident"], outcome, answered, str(line["attempts"]), *of_case)
    out.print(table)


def find_round(session: Session, written: str) -> UUID:
    """The round that somebody means, as `zaoan round list` prints it; raises ``NotFoundError``, ``ConflictError``."""
    return resolve(session, ROUND, written)


def _outcome(kind: str, outcome: str | None) -> str:
    """In words; an ``ok`` of a notice says that it was heard, not that somebody is well."""
    if kind == CampaignKind.NOTICE and outcome == Outcome.OK:
        return _word("notice:ok")
    return _word(f"outcome:{outcome or 'open'}")


def _word(word: str) -> str:
    return translate(settings.current().language, word)
