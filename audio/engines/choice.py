"""Which engines of ours speak, by what the settings name and what is installed."""

from collections.abc import Sequence

from audio.engines import neural_files
from audio.engines.engine import Engine
from core.settings import FirstVoice


def engines_for(first: FirstVoice) -> Sequence[Engine]:
    """Our engines, the best first; none where the telephone provider's voice is to speak.

    The neural one is named also where it is not installed but asked for by name: that it fails is then told.
    """
    if first is FirstVoice.PROVIDER:
        return ()
    if first is FirstVoice.NEURAL or (first is FirstVoice.OWN and neural_files.is_installed()):
        return (Engine.NEURAL, Engine.PYTTSX3)
    return (Engine.PYTTSX3,)
