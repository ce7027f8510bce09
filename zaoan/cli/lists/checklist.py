"""``zaoan checklist``: today's list on paper, for a morning on which nothing else works."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from campaigns.looking import remark_words
from campaigns.looking.remark_words import RemarkLine
from console.sheets.checklist_sheet import BOXES, Remarked, building_word, checklist_sheet, remarks
from contacts.community.community import the_community
from contacts.models import Community
from contacts.people.checklist import ChecklistBuilding, ChecklistLine
from contacts.people.checklist import checklist as everybody
from contacts.phones import formatted
from contacts.places import spelled_place
from core import clock, settings
from core.errors import UserError
from core.i18n import listed, translate
from core.storage.database import reading
from zaoan.terminal.common import Json, installation_open, print_json, say
from zaoan.terminal.file_reads import note_read


def checklist(
    building: Annotated[str, typer.Option("--building", help="Only this building.")] = "",
    html: Annotated[
        Path | None, typer.Option("--html", help="Writes a page to print, a sheet for each building.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Today's list on paper, by building: names, telephones, relatives, and boxes to tick."""
    with installation_open(), reading() as session:
        community = the_community(session)
        note_read()
        day = clock.now().astimezone(ZoneInfo(community.timezone)).date()
        buildings = everybody(session, community, day, building)
        remarked = remark_words.lately(session, community, clock.now())
    if html:
        _write(html, checklist_sheet(community, buildings, day, settings.current().language, remarked))
        say("{people} residents are in {file}.", people=sum(len(each.lines) for each in buildings), file=html)
    elif as_json:
        zone = ZoneInfo(community.timezone)
        print_json([{"building": each.name, "residents": [
            _document(line) | {"not_as_usual": _unusual(remarked.get(line.resident_id, ()), zone)}
            for line in each.lines]} for each in buildings])  # fmt: skip
    else:
        _say(community, buildings, day, remarked)


def _say(community: Community, buildings: Sequence[ChecklistBuilding], day: date, remarked: Remarked) -> None:
    language, zone = settings.current().language, ZoneInfo(community.timezone)
    if not buildings:
        say("Nobody is looked after here.")
    boxes = "  ".join(f"☐ {translate(language, each)}" for each in BOXES)
    for each in buildings:
        print(f"{community.name} · {building_word(each.name, language)} · {day.isoformat()} · "
              + translate(language, "{count} residents", count=len(each.lines)))  # fmt: skip
        for line in each.lines:
            home = spelled_place(language, "", line.unit, line.room)
            numbers = listed(language, [formatted(number, community.region) for number in line.numbers])
            print(f"\n  {home}  {line.name}  {numbers}  {listed(language, remarks(line, day, language))}".rstrip())
            for said in _unusual(remarked.get(line.resident_id, ()), zone):
                print(f"      {translate(language, 'Not as usual')}: {said}")
            for one in line.relatives:
                print(f"      {one.name} {one.relation} {formatted(one.number, community.region)}")
            print(f"      {boxes}  ____________________")
        print()


def _unusual(remarks: Sequence[RemarkLine], zone: ZoneInfo) -> list[str]:
    return [each.said(settings.current().language, zone) for each in remarks]


def _document(line: ChecklistLine) -> dict[str, object]:
    return {
        "resident": line.name,
        "resident_id": str(line.resident_id),
        "unit": line.unit,
        "room": line.room,
        "birth_year": line.birth_year,
        "flags": list(line.flags),
        "telephones": list(line.numbers),
        "relatives": [{"name": each.name, "relation": each.relation, "number": each.number}
                      for each in line.relatives],
        "agreed": line.agreed,
        "away": line.away,
        "away_until": line.away_until.isoformat() if line.away_until else None,
    }  # fmt: skip


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as failure:
        raise UserError("{value} cannot be written.", way_out="Name a file in a folder that exists.", field="file",
                        value=path) from failure  # fmt: skip
