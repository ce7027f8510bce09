"""``zaoan prompt render``: renders prompts, and measures whether a telephone can carry them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from audio.clips.store import ClipStore
from audio.engines.choice import model_of
from core import settings
from core.i18n import Language, translate
from ivr.dialogue.catalogue import catalogue
from zaoan.cli.prompts.engines import By, our_engine
from zaoan.cli.prompts.prompt import In, known_prompt
from zaoan.process.places import refuse_missing
from zaoan.terminal.common import Json, chosen_settings, community_language, print_json, say
from zaoan.terminal.spoken import complain
from zaoan.terminal.tables import show_table

if TYPE_CHECKING:
    from ivr.prompts.measuring import Measured


def render(
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]...", help="Some prompts; otherwise all.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every prompt of every language.")] = False,
    language: In = None,
    engine: By = None,
    as_json: Json = False,
) -> None:
    """Renders prompts with example words and measures them; exit 1 if one does not sound as it must.

    characters_per_minute are Chinese characters, and words where the language is English.
    """
    from ivr.prompts.measuring import measured  # what listens to sound is loaded by whoever has some

    chosen = _chosen()
    store = ClipStore(chosen.data_dir / "clips")
    languages = tuple(Language) if everything else (language or community_language(),)
    prompts = [(known_prompt(key, each), each) for each in languages for key in keys or catalogue(each)]
    rows = measured(store, prompts, our_engine(chosen, engine), model_of(chosen), chosen.voice_model)
    faulty = [each for each in rows if each.faults]
    averages = _averages(rows) if not keys else {}
    if as_json:
        print_json({"prompts": [_document(each) for each in rows]})
    else:
        _show(rows)
        for each, pace in averages.items():
            say("{language}: {pace} a minute on average.", language=each.value, pace=f"{pace:.0f}")
    complain_of(faulty, averages)


def _chosen() -> settings.Settings:
    """Those of the installation that there is: another folder must not quietly begin to be one."""
    chosen = chosen_settings()
    settings.use(chosen)
    refuse_missing(chosen)
    return chosen


def _document(row: "Measured") -> dict[str, object]:
    return {
        "key": row.key,
        "language": row.language,
        "path": str(row.path) if row.path else None,
        "seconds": round(row.seconds, 3),
        "loudness": round(row.loudness, 2),
        "peak": round(row.peak, 2),
        "characters_per_minute": round(row.pace, 1),
    }


def _show(rows: "Sequence[Measured]") -> None:
    names = ("prompt", "language", "seconds", "LUFS", "peak dBFS", "per minute")
    faulty = [_figures(row) for row in rows if row.faults]
    show_table(names, map(_figures, rows), "There are no prompts.", emphasised=faulty)


def _figures(row: "Measured") -> tuple[str, ...]:
    figures = (f"{row.seconds:.1f}", f"{row.loudness:.1f}", f"{row.peak:.1f}", f"{row.pace:.0f}")
    return row.key, row.language, *figures


def _averages(rows: "Sequence[Measured]") -> dict[Language, float]:
    from ivr.prompts.measuring import average_pace

    return {
        language: average_pace([each for each in rows if each.language is language])
        for language in dict.fromkeys(each.language for each in rows)
    }


def complain_of(faulty: "Sequence[Measured]", averages: dict[Language, float]) -> None:
    """Every prompt that does not sound as it must, by name; ends the command with exit code 1 if there is any."""
    from ivr.prompts.measuring import AVERAGE_PACE

    for each in faulty:
        why = ", ".join(_word(fault) for fault in each.faults)
        reason = f" ({each.reason})" if each.reason else ""
        complain(f"{each.key} [{each.language}]: {why}{reason}")
    off = [language for language, pace in averages.items() if not _is_within(pace, *AVERAGE_PACE[language])]
    for language in off:
        text = "The prompts in {language} are too fast or too slow on average."
        complain(translate(settings.current().language, text, language=language.value))
    if faulty or off:
        raise typer.Exit(1)


def _is_within(pace: float, slowest: float, fastest: float) -> bool:
    return slowest <= pace <= fastest


def _word(word: str) -> str:
    return translate(settings.current().language, word)
