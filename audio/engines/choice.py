"""Which engines of ours speak, by what the settings name and what is installed."""

from collections.abc import Sequence

from audio.engines.engine import Engine
from audio.engines.neural import voice_files
from core.settings import FirstVoice, Settings


def engines_for(first: FirstVoice) -> Sequence[Engine]:
    """Our engines, the best first; none where the telephone provider's voice is to speak.

    The neural one is named also where it is not installed but asked for by name: that it fails is then told.
    """
    if first is FirstVoice.PROVIDER:
        return ()
    if first is FirstVoice.NEURAL or (first is FirstVoice.OWN and voice_files.is_installed()):
        return (Engine.NEURAL, Engine.PYTTSX3)
    return (Engine.PYTTSX3,)


def model_of(chosen: Settings) -> str:
    """Names a model of one's own in the addresses of its clips, so that another file makes others; else empty."""
    if chosen.voice_model is None:
        return ""
    file = chosen.voice_model.stat()
    return f"{chosen.voice_model.name} {file.st_size} {file.st_mtime_ns}"
