"""What an import has done, as the command says it."""

from collections.abc import Iterable, Iterator, Sequence

from contacts.files.sheets import Spot
from contacts.importing.import_report import ImportReport, Missing, NewWord, StillOut
from contacts.rows.non_person_rows import NonPerson, NonPersonRow
from core import settings
from core.i18n import Language, listed, translate
from zaoan.checks.unspeakable import UNSAID, WAY_OUT, unspeakable
from zaoan.checks.unspeakable import listed as said_wrongly
from zaoan.cli.people.shared import say_shared
from zaoan.terminal.common import say

MOST_ROWS_NAMED = 10
MOST_NAMES = 30
"""So many are named on a screen; all of them stand in the JSON document."""


def say_import(report: ImportReport) -> None:
    """How many rows did what, and everything that the office should look at."""
    say(
        "{added} added, {changed} changed, {unchanged} unchanged, {problems} with mistakes.",
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
        problems=report.people_with_mistakes,
    )
    _say_sheets(report)
    _say_consents(report)
    for gone in report.left:
        because = _word(f"finding:{gone.because}")
        say("Row {row}: {name} was removed on {day} ({because}) and was left out. If they are to be called again: "
            "zaoan resident restore {name}", row=gone.row.words, name=gone.name, day=gone.on,
            because=because)  # fmt: skip
    for helper in report.left_responders:
        say("Row {row}: {name} was removed on {day} and was left out. If they help again: "
            "zaoan responder restore {name}", row=helper.row.words, name=helper.name, day=helper.on)  # fmt: skip
    for home in report.without_unit:
        say("Row {row}: no unit is written for {name}, although there are units in {building}; the home was taken to "
            "have none. If that is wrong, write the unit and import again.", row=home.row.words, name=home.name,
            building=home.building)  # fmt: skip
    if report.missing:
        say("{count} are enrolled and not in this file; they are still looked after (--missing remove takes them out): "
            "{names}", **_people(report.missing))  # fmt: skip
    if report.removed:
        say("{count} are not in this file and are not looked after any more (zaoan resident restore NAME takes that "
            "back): {names}", **_people(report.removed))  # fmt: skip
    for each in report.empty_areas:
        say("Row {row}: there is no home yet in “{area}”, for which {name} is responsible. If it is written otherwise "
            "in the list of residents, write it the same.", row=each.row.words, area=each.area,
            name=each.name)  # fmt: skip
        if each.likely:
            say("There are homes in {likely}: perhaps that is meant.", likely=list(each.likely))
    if report.new_words:
        say("Flags of your own that nobody carried before: {words}", words=_joined(map(_new_word, report.new_words)))
    say_shared(report.shared, report.in_homes)
    if unsaid := unspeakable(report.spoken):
        say(UNSAID, names=said_wrongly(unsaid))
        say(WAY_OUT)
    if report.dry_run:
        say("This was a trial: nothing has been changed.")


def import_document(report: ImportReport) -> dict[str, object]:
    """For programs."""
    return {
        "kind": report.kind,
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "dry_run": report.dry_run,
        "with_mistakes": report.people_with_mistakes,
        "sheets": list(report.sheets),
        "sheets_not_read": [
            {"sheet": each.name, "reason": each.reason.describe(_language())} for each in report.skipped
        ],
        "hidden_sheets": list(report.hidden_sheets),
        "hidden_rows": report.hidden_rows,
        "rows_that_are_no_people": [{**_where(each.row), "is": each.kind} for each in report.non_people],
        "empty_areas": [
            {
                **_where(each.row),
                "responder": each.name,
                "area": each.area.chinese,
                "likely": [likely.chinese for likely in each.likely],
            }
            for each in report.empty_areas
        ],
        "homes_without_unit": [{**_where(each.row), "resident": each.name} for each in report.without_unit],
        "uncalled": list(report.uncalled),
        "withdrawn": list(report.withdrawn),
        "consent_kept": list(report.kept),
        "consent_by_option": [{**_where(each.row), "resident": each.name} for each in report.by_statement],
        "still_opted_out": [
            {**_where(each.row), "resident": each.name, "since": each.on.isoformat(), "how": each.how, "own": each.own}
            for each in report.still_out
        ],
        "removed_earlier": [
            {**_where(each.row), "resident": each.name, "since": each.on.isoformat(), "because": each.because}
            for each in report.left
        ]
        + [
            {**_where(each.row), "responder": each.name, "since": each.on.isoformat()}
            for each in report.left_responders
        ],
        "missing": list(map(_person, report.missing)),
        "removed": list(map(_person, report.removed)),
        "new_flags": [
            {**_where(each.row), "flag": each.word, "like": [like.chinese for like in each.like]}
            for each in report.new_words
        ],
        "shared_telephones": [vars(each) for each in report.shared],
        "telephones_in_several_homes": [vars(each) for each in report.in_homes],
        "unspeakable": [
            {"resident": each.whose, "words": each.words, "characters": each.characters}
            for each in unspeakable(report.spoken)
        ],
        "problems": [
            {**_where(each.row), "column": each.column, "value": each.value, "row_imported": each.row_kept}
            for each in report.problems
        ],
    }


def _where(row: Spot) -> dict[str, object]:
    return {"row": row.number} | ({"sheet": row.sheet} if row.sheet else {})


def _say_sheets(report: ImportReport) -> None:
    if len(report.sheets) + len(report.skipped) + len(report.hidden_sheets) > 1:
        say("Sheets that were read: {names}", names=_joined(report.sheets))
    for each in report.skipped:
        say("The sheet “{name}” was not read: {reason}", name=each.name, reason=each.reason.describe(_language()))
    if report.hidden_sheets:
        say("Hidden sheets were left out (--with-hidden takes them): {names}", names=_joined(report.hidden_sheets))
    if report.hidden_rows:
        say("{count} hidden {count:row was|rows were} left out (--with-hidden takes them).", count=report.hidden_rows)
    if report.non_people:
        say("{count} {count:row is|rows are} no people and {count:was|were} left out: {kinds}",
            count=len(report.non_people), kinds=_joined(_non_people(report.non_people)))  # fmt: skip


def _non_people(rows: Sequence[NonPersonRow]) -> Iterator[str]:
    """Each kind of row that is nobody, with where they are."""
    for kind in NonPerson:
        where = [each.row.words.said(_language()) for each in rows if each.kind is kind]
        if where:
            yield translate(_language(), "{name} (row {row})", name=_word(kind), row=_named(where, MOST_ROWS_NAMED))


def _say_consents(report: ImportReport) -> None:
    if report.withdrawn:
        say(
            "Consent withdrawn by this file, and therefore not called any more: {names}", names=_named(report.withdrawn)
        )
    if report.uncalled:
        say("Without consent, and therefore never called: {names}", names=_named(report.uncalled))
    if report.by_statement:
        rows = [_row(each.row, each.name) for each in report.by_statement]
        say("Consent recorded by --consent for {count} {count:row|rows} that said nothing of it: {names}",
            count=len(rows), names=_named(rows, MOST_ROWS_NAMED))  # fmt: skip
    if report.kept:
        say("The file says nothing of their consent, which was left as it was (to withdraw it, write “no”): {names}",
            names=_named(report.kept))  # fmt: skip
    for each in report.still_out:
        _say_still_out(each)


def _say_still_out(each: StillOut) -> None:
    gaps = {"row": each.row.words, "name": each.name, "day": each.on, "how": _word(each.how)}
    if each.own:
        say("Row {row}: {name} has opted out on {day} ({how}) and was not opted in again. If they have agreed since "
            "then: zaoan resident consent {name} --give --by WHO --how HOW", **gaps)  # fmt: skip
    else:
        say("Row {row}: {name} has not agreed ({how}, {day}), and what is said for the whole file does not change "
            "that. If they have agreed since then, write it into their row.", **gaps)  # fmt: skip


def _person(each: Missing) -> dict[str, object]:
    return {"id": each.resident_id, "resident": each.name, "place": each.place.chinese}


def _people(people: Sequence[Missing]) -> dict[str, object]:
    return {"count": len(people), "names": _named([f"{each.name} ({each.place.said(_language())})" for each in people])}


def _new_word(each: NewWord) -> str:
    if not each.like:
        return each.word
    return translate(_language(), "{word} (is {like} meant?)", word=each.word, like=_joined(each.like))


def _row(number: Spot, name: str) -> str:
    return translate(_language(), "{name} (row {row})", name=name, row=number.words)


def _named(names: Sequence[str], most: int = MOST_NAMES) -> str:
    more = len(names) - most
    shown = _joined(names[:most])
    return translate(_language(), "{names} and {more} more", names=shown, more=more) if more > 0 else shown


def _joined(words: Iterable[object]) -> str:
    return listed(_language(), words)


def _word(word: str) -> str:
    return translate(_language(), word) if word else "-"


def _language() -> Language:
    return settings.current().language
