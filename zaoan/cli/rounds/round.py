"""``zaoan round``: one morning of a campaign, and the proof that nobody was forgotten."""

from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import typer
from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.audience import AudienceReport, audience_of
from campaigns.models import CampaignKind, Outcome, Round
from contacts.community.community import the_community
from core import clock, settings
from core.i18n import translate
from core.short_ids import Named, resolve, short
from core.storage.database import reading, unit_of_work
from zaoan.cli.campaigns.audience import left_out_words
from zaoan.cli.documents import check_in_documents, round_document
from zaoan.terminal.common import Json, acting, installation_open, minute, print_json, say
from zaoan.terminal.file_reads import note_read
from zaoan.terminal.tables import show_table

NO_ROUNDS = "There has been no round yet. `zaoan campaign list` says when one starts by itself."
ROUND = Named(
    Round.id, "There is no round {value}.", "`zaoan round list` names them; `latest` is the newest.", NO_ROUNDS
)
RoundId = Annotated[str, typer.Argument(metavar="ROUND", help="A round, as `zaoan round list` prints it, or `latest`.")]


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
    show_table(
        ("round", "campaign", "started", "enrolled", "without a result"),
        [(short(row["id"]), row["campaign"], minute(row["at"], zone), str(row["enrolled"]), str(row["open"]))
         for row in known],
        NO_ROUNDS,
    )  # fmt: skip


def show(round_id: RoundId, as_json: Json = False) -> None:
    """How a round stands: everybody in it, with outcome and case."""
    with installation_open(), reading() as session:
        found = find_round(session, round_id)
        note_read(found)
        document = round_document(session, found)
        lines = check_in_documents(session, found)
        zone = ZoneInfo(the_community(session).timezone)
        left_out = left_out_words(_audience(session, found)) if not lines else ""
    if as_json:
        print_json({"round": document, "check_ins": lines})
        return
    if document["stopped_at"]:
        at, why = minute(document["stopped_at"], zone), _word(f"stopped:{document['stopped_because']}")
        say("Ended by staff on {at}: {why}", at=at, why=_with_note(why, document["stop_note"]))
    due, started = minute(document["due_at"], zone), minute(document["started_at"], zone)
    if due != started:
        say("Due on {due}, begun on {started}.", due=due, started=started)
    show_table(
        ("resident", "outcome", "answered", "attempts", "case", "state"),
        [_row(document["kind"], line, zone) for line in lines],
        "Nobody was in this round: whom its campaign is for is set by flags and consent.",
    )
    if left_out:
        say("Now left out: {reasons}", reasons=left_out)


def stop(
    round_id: RoundId,
    note: Annotated[str, typer.Option(help="Why, for whoever looks at the round later.")] = "",
    as_json: Json = False,
) -> None:
    """Ends a round under way: calls in progress finish, nobody else is rung, and the check-ins say why."""
    from campaigns.rounds import round_stops  # loads half of the service, which whoever only looks does not need
    from zaoan.cli.campaigns import stops

    with installation_open(), unit_of_work() as session:
        stopped = round_stops.stop_round(session, acting(), find_round(session, round_id), note)
        stops.tell_round(session, stopped, as_json=as_json)


def _row(kind: str, line: dict[str, Any], zone: ZoneInfo) -> tuple[str, ...]:
    case = line["case"]
    of_case = (short(case["id"]), _word(case["state"])) if case else ("", "")
    answered = minute(line["answered_at"], zone)
    return line["resident"], _outcome(kind, line, zone), answered, _attempts(line), *of_case


def _attempts(line: dict[str, Any]) -> str:
    """How often they were rung by the plan, and how often nobody of us heard what they said."""
    counted, lost = str(line["attempts"]), line["lost_calls"]
    return counted if not lost else translate(settings.current().language, "{attempts} (+{lost} lost by us)",
                                              attempts=counted, lost=lost)  # fmt: skip


def _audience(session: Session, round_id: UUID) -> AudienceReport:
    """Whom the campaign of this round would ring today."""
    return audience_of(session, session.get_one(Round, round_id).campaign, clock.now())


def find_round(session: Session, written: str) -> UUID:
    """The round that somebody means, as `zaoan round list` prints it; raises ``NotFoundError``, ``ConflictError``."""
    return resolve(session, ROUND, written)


def _outcome(kind: str, line: dict[str, Any], zone: ZoneInfo) -> str:
    """In words; an ``ok`` of a notice says that it was heard, not that somebody is well."""
    outcome = line["outcome"]
    if kind == CampaignKind.NOTICE and outcome == Outcome.OK:
        return _word("notice:ok")
    if asked := line["asked_in"]:
        return _asked_in(asked, zone)
    if outcome and line["reason"]:
        return _with_note(_word(f"reason:{line['reason']}"), line["reason_note"])
    return _word(f"outcome:{outcome or 'open'}")


def _asked_in(asked: dict[str, str], zone: ZoneInfo) -> str:
    """Which other round asks them, and what has come of it there."""
    language, result = settings.current().language, _word(f"outcome:{asked['outcome'] or 'open'}")
    if asked["at"] is None or asked["outcome"] == Outcome.NOT_ASKED:
        return translate(language, "asked by {campaign}: {result}", campaign=asked["campaign"], result=result)
    return translate(language, "asked at {at} by {campaign}: {result}", at=minute(asked["at"], zone)[-5:],
                     campaign=asked["campaign"], result=result)  # fmt: skip


def _with_note(words: str, note: str) -> str:
    return f"{words} – {note}" if note else words


def _word(word: str) -> str:
    return translate(settings.current().language, word)
