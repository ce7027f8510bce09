"""``zaoan prompt``: what the voice says, how it sounds, and people's own recordings in its place."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from audio.names import named
from audio.reading import read_aloud
from audio.store import ClipStore
from campaigns.listeners import filled_for, language_of, scope_of
from contacts import name_readings
from core import settings
from core.database import reading, unit_of_work
from core.errors import UserError
from core.i18n import Language, translate
from core.short_ids import Named, resolve, short
from ivr import queries, recorded
from ivr.catalogue import catalogue, gaps
from ivr.measuring import AVERAGE_PACE, Measured, average_pace, every_prompt, measured
from ivr.models import RecordedPrompt
from zaoan.commands.common import (
    Json,
    chosen_settings,
    community_language,
    err,
    fail,
    installation_open,
    print_json,
    say,
)
from zaoan.commands.languages import LANGUAGE
from zaoan.commands.tables import show_table
from zaoan.places import refuse_missing

RECORDING = Named(RecordedPrompt.id, "There is no recording {value}.", "`zaoan prompt recordings` lists them.")
Key = Annotated[str, typer.Argument(metavar="KEY", help="A prompt, as `zaoan prompt list` names it.")]
In = Annotated[
    Language | None,
    typer.Option("--language", parser=LANGUAGE, help="The language; otherwise the installation's."),
]


def list_prompts(language: In = None, as_json: Json = False) -> None:
    """Every prompt with its words; the numbers are those of the parts that can be recorded one by one."""
    languages = (_one(language),)
    if as_json:
        print_json({"prompts": [_listed(key, each) for key, each in every_prompt(languages)]})
        return
    rows = [(key, each, _numbered(key, each)) for key, each in every_prompt(languages)]
    show_table(("prompt", "language", "words"), rows, "There are no prompts.")


def render(
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]...", help="Some prompts; otherwise all.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every prompt of every language.")] = False,
    language: In = None,
    as_json: Json = False,
) -> None:
    """Renders prompts with example words and measures them; exit 1 if one does not sound as it must.

    characters_per_minute are Chinese characters, and words where the language is English.
    """
    store = _store()
    languages = tuple(Language) if everything else (language or community_language(),)
    prompts = [(known_prompt(key, each), each) for each in languages for key in keys or catalogue(each)]
    rows = measured(store, prompts)
    faulty = [each for each in rows if each.faults]
    averages = _averages(rows) if not keys else {}
    if as_json:
        print_json({"prompts": [_document(each) for each in rows]})
    else:
        _show(rows)
        for each, pace in averages.items():
            say("{language}: {pace} a minute on average.", language=each.value, pace=f"{pace:.0f}")
    complain(faulty, averages)


def record(
    key: Key,
    file: Annotated[Path, typer.Argument(help="The recording: wav, mp3, ogg, webm, m4a, wma.")],
    part: Annotated[int | None, typer.Option(help="Only this part of the prompt, as `prompt list` numbers it.")] = None,
    says: Annotated[str, typer.Option(help="What stands in a gap of the prompt, for example 王奶奶.")] = "",
    resident: Annotated[str, typer.Option(help="Only for this resident (name).")] = "",
    campaign: Annotated[str, typer.Option(help="Only in the calls of this campaign (name).")] = "",
    note: Annotated[str, typer.Option(help="Whose voice it is.")] = "",
    language: In = None,
) -> None:
    """Keeps a recording in place of the synthetic voice: a whole prompt, one part of it, or the words of a gap."""
    with installation_open():
        try:
            content = file.read_bytes()
        except OSError as failure:
            raise UserError(
                "{value} cannot be read.", way_out="Name a sound file that exists.", field="file", value=file
            ) from failure
        sound = recorded.prepared(content)
        with unit_of_work() as session:
            scope = scope_of(session, resident=resident, campaign=campaign)
            spoken = language or language_of(session, scope)
            if says:
                said = says
            elif part is not None:
                said = recorded.part(key, spoken, part)
            else:
                said = recorded.whole(key, spoken, filled_for(session, scope))
            kept = recorded.keep(session, sound, key=key, language=spoken, said=said, scope=scope, note=note)
        say("Kept: {seconds} s for “{words}”.", seconds=f"{kept.seconds:.1f}", words=kept.words)


def show_pinyin(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What is to be said in Mandarin.")],
    name: Annotated[
        list[str] | None, typer.Option(help="A name that stands in it: 贾国强; may be given again.")
    ] = None,
    reading: Annotated[str, typer.Option(help="How the family of the (last) name reads it, in pinyin: gě.")] = "",
    as_json: Json = False,
) -> None:
    """The syllables that the voice is told for a text, so that a wrong reading is seen before it is heard.

    Where a name stands, it is read as a name: the surname list decides, or the family's own reading.

    On a screen they carry tone marks (shàn); in a file, in a pipe and with --json the tone numbers of the voice
    (shan4).
    """
    from audio.pinyin import pinyin  # loads a dictionary

    _settings()
    *others, last = name or [""]
    own = name_readings.by_character(last, name_readings.reading(reading, last)) if reading else ""
    names = [named(each, "") for each in others] + ([named(last, own)] if last else [])
    words = pinyin(read_aloud(text, Language.CHINESE), names)
    if as_json:
        print_json({"words": [{"text": each.text, "syllables": list(each.syllables)} for each in words]})
        return
    shown = name_readings.marked if is_a_screen() else str
    typer.echo(" ".join(shown(" ".join(each.syllables)) or each.text.strip() for each in words if each.text.strip()))


def is_a_screen() -> bool:
    """Whether a person reads what is printed."""
    return sys.stdout.isatty()


def recordings(as_json: Json = False) -> None:
    """Every recording that is played in place of the synthetic voice."""
    with installation_open(), reading() as session:
        known = [
            {
                "id": each.id,
                "key": each.key,
                "language": each.language,
                "words": each.words,
                "resident": each.resident_id,
                "campaign": each.campaign_id,
                "seconds": round(each.seconds, 2),
                "made_at": each.made_at.isoformat(),
                "note": each.note,
            }
            for each in queries.recorded_prompts(session)
        ]
    if as_json:
        print_json({"recordings": known})
        return
    columns = ("key", "language", "words", "seconds", "note")
    show_table(
        ("recording", "prompt", "language", "words", "seconds", "note"),
        [(short(str(row["id"])), *(str(row[column]) for column in columns)) for row in known],
        "There are no recordings: the synthetic voice says everything. zaoan prompt record KEY FILE",
    )


def forget(
    recording: Annotated[
        str, typer.Argument(metavar="RECORDING", help="A recording, as `zaoan prompt recordings` prints it.")
    ],
) -> None:
    """Removes a recording; the synthetic voice says its words again."""
    with installation_open():
        with unit_of_work() as session:
            recorded.remove(session, resolve(session, RECORDING, recording))
        say("Removed: the voice says it again.")


def _settings() -> settings.Settings:
    chosen = chosen_settings()
    settings.use(chosen)
    return chosen


def _store() -> ClipStore:
    """The clips of the installation that there is: another folder must not quietly begin to be one."""
    chosen = _settings()
    refuse_missing(chosen)
    return ClipStore(chosen.data_dir / "clips")


def _one(language: Language | None) -> Language:
    """The language that was asked for, or the installation's, whose settings are used from now on."""
    _settings()
    return language or community_language()


def known_prompt(key: str, language: Language) -> str:
    """The key of a prompt that there is; any other ends the command."""
    if key in catalogue(language):
        return key
    fail(UserError("There is no prompt {value}.", way_out="`zaoan prompt list` names them.", field="key", value=key))


def _listed(key: str, language: Language) -> dict[str, object]:
    parts = [each.words for each in recorded.sayables_of(key, language)] if gaps(key, language) else []
    return {
        "key": key,
        "language": language,
        "words": catalogue(language)[key],
        "gaps": list(gaps(key, language)),
        "parts": parts,
    }


def _numbered(key: str, language: Language) -> str:
    """The words, and under them the parts where there are gaps."""
    lines = [catalogue(language)[key]]
    if gaps(key, language):
        lines += [f"  {each.part}  {each.words}" for each in recorded.sayables_of(key, language)]
    return "\n".join(lines)


def _document(row: Measured) -> dict[str, object]:
    return {
        "key": row.key,
        "language": row.language,
        "path": str(row.path) if row.path else None,
        "seconds": round(row.seconds, 3),
        "loudness": round(row.loudness, 2),
        "peak": round(row.peak, 2),
        "characters_per_minute": round(row.pace, 1),
    }


def _show(rows: Sequence[Measured]) -> None:
    names = ("prompt", "language", "seconds", "LUFS", "peak dBFS", "per minute")
    faulty = [_figures(row) for row in rows if row.faults]
    show_table(names, map(_figures, rows), "There are no prompts.", emphasised=faulty)


def _figures(row: Measured) -> tuple[str, ...]:
    figures = (f"{row.seconds:.1f}", f"{row.loudness:.1f}", f"{row.peak:.1f}", f"{row.pace:.0f}")
    return row.key, row.language, *figures


def _averages(rows: Sequence[Measured]) -> dict[Language, float]:
    return {
        language: average_pace([each for each in rows if each.language is language])
        for language in dict.fromkeys(each.language for each in rows)
    }


def complain(faulty: Sequence[Measured], averages: dict[Language, float]) -> None:
    """Every prompt that does not sound as it must, by name; ends the command with exit code 1 if there is any."""
    for each in faulty:
        why = ", ".join(_word(fault) for fault in each.faults)
        reason = f" ({each.reason})" if each.reason else ""
        err.print(
            f"{each.key} [{each.language}]: {why}{reason}", style="red", highlight=False, markup=False, soft_wrap=True
        )
    off = [language for language, pace in averages.items() if not _is_within(pace, *AVERAGE_PACE[language])]
    for language in off:
        text = "The prompts in {language} are too fast or too slow on average."
        err.print(translate(settings.current().language, text, language=language.value), style="red", soft_wrap=True)
    if faulty or off:
        raise typer.Exit(1)


def _is_within(pace: float, slowest: float, fastest: float) -> bool:
    return slowest <= pace <= fastest


def _word(word: str) -> str:
    return translate(settings.current().language, word)
