"""``zaoan prompt``: what the voice says, how it sounds, and people's own recordings in its place."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from audio.reading.read_aloud import read_aloud
from audio.reading.syllables.names import named
from contacts import name_readings
from core import settings
from core.errors import UserError
from core.i18n import Language
from core.short_ids import Named, resolve, short
from core.storage.database import reading, unit_of_work
from ivr.dialogue.catalogue import catalogue, gaps
from ivr.models import RecordedPrompt
from ivr.prompts import own_voices
from ivr.prompts.sources import said_by
from ivr.queries import own_recordings
from zaoan.terminal.common import (
    Json,
    acting,
    chosen_settings,
    community_language,
    fail,
    installation_open,
    print_json,
    say,
)
from zaoan.terminal.file_reads import note_read
from zaoan.terminal.languages import LANGUAGE
from zaoan.terminal.tables import show_table

RECORDING = Named(RecordedPrompt.id, "There is no recording {value}.", "`zaoan prompt recordings` lists them.")
Key = Annotated[str, typer.Argument(metavar="KEY", help="A prompt, as `zaoan prompt list` names it.")]
In = Annotated[
    Language | None,
    typer.Option("--language", parser=LANGUAGE, help="The language; otherwise the installation's."),
]


def list_prompts(language: In = None, as_json: Json = False) -> None:
    """Every prompt with its words; the numbers are those of the parts that can be recorded one by one."""
    from audio.engines.choice import engines_for

    spoken = _one(language)
    engines = engines_for(settings.current().voice)
    if as_json:
        print_json({"prompts": [_listed(key, spoken) for key in catalogue(spoken)], "voices": [*engines, "provider"]})
        return
    rows = [(key, spoken, _numbered(key, spoken)) for key in catalogue(spoken)]
    show_table(("prompt", "language", "words"), rows, "There are no prompts.")
    say(said_by(engines))


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
    from campaigns.listeners import filled_for, language_of, scope_of  # knows the dialogues of all campaigns

    with installation_open():
        try:
            content = file.read_bytes()
        except OSError as failure:
            raise UserError(
                "{value} cannot be read.", way_out="Name a sound file that exists.", field="file", value=file
            ) from failure
        sound = own_voices.prepared(content)
        with unit_of_work() as session:
            scope = scope_of(session, resident=resident, campaign=campaign)
            spoken = language or language_of(session, scope)
            if says:
                said = says
            elif part is not None:
                said = own_voices.part(key, spoken, part)
            else:
                said = own_voices.whole(key, spoken, filled_for(session, scope))
            kept = own_voices.keep(
                session, acting(), sound, key=key, language=spoken, said=said, scope=scope, note=note
            )
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
    from audio.reading.syllables.pinyin import pinyin  # loads a dictionary

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
        note_read()
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
            for each in own_recordings.recorded_prompts(session)
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
            own_voices.remove(session, acting(), resolve(session, RECORDING, recording))
        say("Removed: the voice says it again.")


def _settings() -> settings.Settings:
    chosen = chosen_settings()
    settings.use(chosen)
    return chosen


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
    parts = [each.words for each in own_voices.sayables_of(key, language)] if gaps(key, language) else []
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
        lines += [f"  {each.part}  {each.words}" for each in own_voices.sayables_of(key, language)]
    return "\n".join(lines)
