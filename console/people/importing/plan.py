"""The plan of an import: what a list would do, kept as text that both languages can be read from."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from console.people.people_words import mending
from contacts.columns.columns import title_in
from contacts.importing.import_report import ImportReport, Missing, PersonChange
from contacts.rows.row_problems import RowProblem
from core.changes import Changed
from core.errors import UserError
from core.i18n import InWords, Language, listed, translate

Words = Mapping[str, str]
"""By language."""
MOST_NAMES = 30


def told(report: ImportReport) -> str:
    """The same report gives the same text, whether it was a trial or not."""
    plan = {
        "kind": report.kind.value, "known": [list(each) for each in report.known_columns],
        "added": report.added, "changed": report.changed, "unchanged": report.unchanged,
        "mistakes": report.people_with_mistakes, "problems": [_problem(each) for each in report.problems],
        "people": [_person(each) for each in report.people], "notes": list(_notes(report)),
    }  # fmt: skip
    return json.dumps(plan, ensure_ascii=False, sort_keys=True)


def read(kept: str) -> dict[str, Any]:
    """A plan as it was told."""
    plan: dict[str, Any] = json.loads(kept)
    return plan


def cell_name(at: Sequence[int]) -> str:
    """What a cell is called in a form."""
    return "cell-" + "-".join(map(str, at))


def _problem(each: RowProblem) -> dict[str, Any]:
    at = None if each.place is None else [each.row.position, each.row.number, each.place]
    return {
        "at": at, "where": [each.row.position, each.row.number], "row": _both(each.row.words),
        "value": each.value, "kept": each.row_kept, "headers": each.of_headers,
        "column": {language.value: title_in(each.column, language) for language in Language},
        "said": _error(each.error),
    }  # fmt: skip


def _person(each: PersonChange) -> dict[str, Any]:
    return {"row": _both(each.row.words), "name": each.name, "place": _both(each.place), "added": each.added,
            "changes": [_facts(change) for change in each.changes]}  # fmt: skip


def _facts(change: Changed) -> dict[str, Any]:
    """What is called otherwise in each language is kept in both."""
    return {what: [_both(one) if isinstance(one, InWords) else one for one in told] if isinstance(told, list) else told
            for what, told in change.facts.items()}  # fmt: skip


def _notes(report: ImportReport) -> Iterator[Words]:
    """What the office should look at besides."""
    yield from _sheets(report)
    if report.missing:
        yield _say("{count} {count:person is|people are} enrolled and not in this list; they stay as they are: {names}",
                   count=len(report.missing), names=_names([_missing(each) for each in report.missing]))  # fmt: skip
    for gone in report.left:
        yield _say("Row {row}: {name} was removed on {day} and was left out. If they are to be called again, take them "
                   "back on their file.", row=gone.row.words, name=gone.name, day=gone.on)  # fmt: skip
    for home in report.without_unit:
        yield _say("Row {row}: no unit is written for {name}, although there are units in {building}; the home was "
                   "taken to have none. If that is wrong, write the unit and import again.", row=home.row.words,
                   name=home.name, building=home.building)  # fmt: skip
    for words in report.new_words:
        yield _say("Row {row}: “{word}” is a flag that nobody carried before.", row=words.row.words, word=words.word)
    yield from _consents(report)


def _sheets(report: ImportReport) -> Iterator[Words]:
    for sheet in report.skipped:
        reason = _error(sheet.reason)
        yield _say("The sheet “{name}” was not read: {reason}", name=sheet.name,
                   reason=InWords(*(reason[each.value] for each in (Language.CHINESE, Language.ENGLISH))))  # fmt: skip
    if report.hidden_sheets:
        yield _say("Hidden sheets were left out: {names}", names=_names(report.hidden_sheets))
    if report.hidden_rows:
        yield _say("{count} hidden {count:row was|rows were} left out.", count=report.hidden_rows)
    if report.non_people:
        yield _say("{count} {count:row is|rows are} no people and {count:was|were} left out.",
                   count=len(report.non_people))  # fmt: skip


def _consents(report: ImportReport) -> Iterator[Words]:
    kinds = (
        ("Without consent, and therefore never called: {names}", report.uncalled),
        ("Consent withdrawn by this file, and therefore not called any more: {names}", report.withdrawn),
        ("The file says nothing of their consent, which was left as it was (to withdraw it, write “no”): {names}",
         report.kept),
        ("They want no calls, and a list does not change that; on their file it can be taken back: {names}",
         [each.name for each in report.still_out]),
    )  # fmt: skip
    for sentence, names in kinds:
        if names:
            yield _say(sentence, names=_names(names))


def _missing(each: Missing) -> InWords:
    return InWords(f"{each.name}（{each.place.chinese}）", f"{each.name} ({each.place.english})")


def _names(found: Sequence[str | InWords]) -> InWords:
    return InWords(*(_named(found, each) for each in (Language.CHINESE, Language.ENGLISH)))


def _named(found: Sequence[str | InWords], language: Language) -> str:
    shown = listed(language, [each if isinstance(each, str) else each.said(language) for each in found[:MOST_NAMES]])
    more = len(found) - MOST_NAMES
    return translate(language, "{names} and {more} more", names=shown, more=more) if more > 0 else shown


def _say(text: str, **gaps: object) -> Words:
    return {language.value: translate(language, text, **gaps) for language in Language}


def _both(words: InWords) -> Words:
    return {language.value: words.said(language) for language in Language}


def _error(error: UserError) -> Words:
    return {language.value: mending(error, language) for language in Language}
