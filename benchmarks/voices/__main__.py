"""``python -m benchmarks.voices``: what is heard of the prompts, as ``make voices`` measures it."""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from audio.clips.store import ClipStore
from audio.engines.choice import engines_for, model_of
from audio.engines.engine import Engine
from audio.voice import Voice
from benchmarks.voices import table
from benchmarks.voices.measuring import Listening, measured, trials
from benchmarks.voices.recogniser import NAME, Recogniser, RecogniserError
from benchmarks.voices.results import Heard, Results
from benchmarks.voices.utterances import NAMES, SEED, utterances
from core import settings
from core.i18n import Language
from core.settings import FirstVoice, Settings
from core.timbre import Timbre

ROOT: Final = Path(__file__).parents[2]
DOCUMENT: Final = ROOT / "docs" / "voice.md"
VOICES: Final = {"usual": Timbre.USUAL, "woman": Timbre.FEMALE, "man": Timbre.MALE}
USUAL: Final = ("usual",)
"""Which of them the table of the document shows."""


def main(words: Sequence[str]) -> None:
    """Measures, and prints the table; that of a whole run is written into the document."""
    asked = _options().parse_args(words)
    chosen = Settings()
    settings.use(chosen)
    try:
        heard = _measured(asked, chosen)
    except RecogniserError as failure:
        sys.exit(f"{failure}. What was measured is kept; the same command goes on with it.")
    except KeyboardInterrupt:
        sys.exit("Stopped. What was measured is kept; the same command goes on with it.")
    if asked.json:
        print(json.dumps(table.document(heard), ensure_ascii=False, indent=2))
    else:
        print(table.markdown(heard))
    if asked.write or _is_whole(asked):
        table.write(DOCUMENT, table.markdown(heard))


def _measured(asked: argparse.Namespace, chosen: Settings) -> Sequence[Heard]:
    languages, engines = asked.language or list(Language), asked.engine or list(engines_for(FirstVoice.OWN))
    said = [
        each
        for language in languages
        for each in utterances(language, names=asked.names, seed=asked.seed, limit=asked.limit)
    ]
    voices = [VOICES[each] for each in asked.voice or USUAL]
    with (
        closing(Voice(ClipStore(asked.folder / "clips"), model=chosen.voice_model)) as voice,
        Recogniser(asked.recogniser, asked.folder / "model") as recogniser,
    ):
        by = Listening(voice.render, recogniser, NAME, Results(asked.folder / "results.jsonl"))
        return measured(trials(said, engines, voices, model_of(chosen)), by, _progress)


def _is_whole(asked: argparse.Namespace) -> bool:
    """Whether it is all that the document shows; of anything else it says nothing unless it is asked to."""
    is_of_all = not (asked.limit or asked.language or asked.engine) and asked.names >= NAMES
    return is_of_all and set(asked.voice or USUAL) == set(USUAL)


def _progress(done: int, of: int) -> None:
    print(f"\r{done} of {of} sounds listened to", end="" if done < of else "\n", file=sys.stderr, flush=True)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="make voices", description=__doc__)
    options.add_argument("--recogniser", type=Path, default=ROOT / "build/voices-venv/bin/python",
                         help="The Python of the environment in which voices.lock is installed.")  # fmt: skip
    options.add_argument("--folder", type=Path, default=ROOT / "build/voices", help="Clips and results are kept here.")
    options.add_argument("--limit", type=_positive, help="Only so many prompts of each language.")
    options.add_argument("--names", type=_positive, default=NAMES, help="So many different people are named.")
    options.add_argument("--seed", type=int, default=SEED, help="Which people.")
    options.add_argument("--language", type=Language, action="append", help="zh-CN or en; may be given again.")
    options.add_argument("--engine", type=Engine, action="append", help="neural or pyttsx3; may be given again.")
    options.add_argument("--voice", choices=list(VOICES), action="append", help="May be given again.")
    options.add_argument("--json", action="store_true", help="One document instead of the table.")
    options.add_argument(
        "--write", action="store_true", help="Writes the table into docs/voice.md whatever was left out."
    )
    return options


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


if __name__ == "__main__":
    main(sys.argv[1:])
