"""Voices for services in the tests' own process: usually a mute one, so that no test waits for speech in vain.

A mute voice leaves everything to the provider's, as ours does while its sounds are not made yet. What our voice once
said serves all tests that come later, as long as nothing has changed that could make it say it in another way.
"""

import shutil
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

from audio import mouths, voice
from audio.child import Child
from audio.voice import SpeechFailed, Voice
from tests.processes import worker_of

ROOT = Path(__file__).parents[1]


@cache
def clips():
    """The folder of clips that the code of today has made; older ones are removed."""
    makers = [*sorted(ROOT.glob("audio/**/*.py")), ROOT / "core" / "timbre.py", ROOT / "requirements.lock"]
    ours = ROOT / "build" / "clips" / sha256(b"".join(each.read_bytes() for each in makers)).hexdigest()[:16]
    ours.mkdir(parents=True, exist_ok=True)
    for other in ours.parent.iterdir():
        if other != ours:
            shutil.rmtree(other, ignore_errors=True)
    return ours


def share_clips(directory):
    """Whatever speaks from this directory has the clips of this working copy."""
    with suppress(FileExistsError):
        (Path(directory) / "clips").symlink_to(clips())


class Mute(Voice):
    """Never speaks; recordings and melodies are heard all the same."""

    def _spoken(self, speech, words, urgent):
        raise SpeechFailed(speech, "this voice is mute")


@contextmanager
def mute_unless_asked():
    """Meanwhile houses open with a mute voice, and whoever starts a voice's process forks it."""
    voice.Voice, mouths.Child = Mute, worker_of
    yield
    voice.Voice, mouths.Child = Voice, Child
