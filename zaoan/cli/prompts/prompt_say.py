"""``zaoan prompt say``: any sentence, exactly as a call would play it, into a sound file."""

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from audio.engines.engine import Engine
from contacts.columns import vocabulary
from contacts.rows import cells
from core import settings
from core.errors import UserError
from core.timbre import Timbre
from zaoan.cli.prompts.engines import By, our_engine
from zaoan.cli.prompts.prompt import In
from zaoan.terminal.common import chosen_settings, community_language, fail, say
from zaoan.terminal.words import Word

VOICE = Word(Timbre, vocabulary.VOICES)
WAYS_OUT = {
    Engine.NEURAL: "Write it in other words, or try --engine pyttsx3; `zaoan doctor` tries the voice.",
    Engine.PYTTSX3: "Write it in other words; `zaoan doctor` tries the voice.",
}


def say_sentence(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What is to be said.")],
    out: Annotated[Path, typer.Option(help="The sound file (8 kHz µ-law WAV) that is written.")],
    language: In = None,
    voice: Annotated[Timbre, typer.Option(parser=VOICE, help="A woman's or a man's voice.")] = Timbre.USUAL,
    pace: Annotated[str, typer.Option(help="Characters or words a minute; empty for the usual.")] = "",
    name: Annotated[
        list[str] | None, typer.Option(help="A name that stands in it: 贾国强; may be given again.")
    ] = None,
    engine: By = None,
) -> None:
    """Has any sentence spoken as a call would play it, into a sound file.

    The voice is the one that speaks in calls, unless another is named. The file is replaced if it is there. Nothing is
    sent, and nobody is rung.
    """
    from audio.clips.sentences import by_sentence
    from audio.clips.speech import Speech, by_engine
    from audio.clips.store import ClipStore
    from audio.engines.choice import model_of
    from audio.reading.syllables.names import named
    from audio.voice import SpeechFailed, Voice
    from ivr.dialogue.catalogue import DEFAULT_PACE

    chosen = chosen_settings()
    settings.use(chosen)
    spoken, speaker = language or community_language(), our_engine(chosen, engine)
    try:
        plain = Speech(text, spoken, (cells.pace(pace) if pace else None) or DEFAULT_PACE[spoken], voice,
                       tuple(named(each, "") for each in name or ()))  # fmt: skip
        with (
            TemporaryDirectory(prefix="zaoan-say-") as folder,
            closing(Voice(ClipStore(Path(folder)), model=chosen.voice_model)) as speaking,
        ):
            clip = speaking.render(by_sentence(by_engine(plain, speaker, model_of(chosen))))
            _write(out, clip.path.read_bytes())
    except SpeechFailed as failure:
        fail(UserError("This cannot be said: {reason}.", way_out=WAYS_OUT[speaker], field="text", value=text,
                       reason=failure.reason))  # fmt: skip
    except UserError as mistake:
        fail(mistake)
    say("The sound file is {path}.", path=out)


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as failure:
        mend = "Name a file in a folder that you may write to."
        raise UserError(
            "{value} cannot be written: {reason}.", way_out=mend, field="out", value=out, reason=failure.strerror
        ) from failure
