"""The voice: is a prompt of each language spoken so that a telephone plays it, and can it be kept?"""

from contextlib import closing
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

from audio.clips.speech import Speech
from audio.clips.store import ClipStore
from audio.voice import SpeechFailed, Voice
from core.i18n import Language
from core.settings import Settings
from ivr.dialogue.catalogue import DEFAULT_PACE
from zaoan.checks.finding import Finding, ok, wrong

CHECK = "voice"
SPOKEN = {Language.CHINESE: "早上好，您今天好吗？", Language.ENGLISH: "Good morning, how are you today?"}
RENDER_SECONDS = 8.0


def examine_voice(chosen: Settings) -> list[Finding]:
    """Speaks a sentence in each language by the real voice, into a folder that is thrown away; then the real one."""
    with (
        TemporaryDirectory(prefix="zaoan-doctor-") as folder,
        closing(Voice(ClipStore(Path(folder)), RENDER_SECONDS)) as voice,
    ):
        spoken = [_speak(voice, language) for language in Language]
    return [*spoken, *_keeping(chosen.data_dir / "clips")]


def _speak(voice: Voice, language: Language) -> Finding:
    try:
        voice.render(Speech(SPOKEN[language], language, DEFAULT_PACE[language]))
    except SpeechFailed as failure:
        mend = "Install Zao'an again; its voice comes with it. Until then the provider's voice speaks."
        return wrong(
            CHECK, "The voice cannot speak {language}: {reason}.", mend, language=language.value, reason=failure.reason
        )
    return ok(CHECK, "A sentence in {language} was spoken and listened to.", language=language.value)


def _keeping(clips: Path) -> list[Finding]:
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
