"""Voices for services in the tests' own process: usually a mute one, so that no test waits for speech in vain.

A mute voice leaves everything to the provider's, as ours does while its sounds are not made yet.
"""

from contextlib import contextmanager

from audio import voice
from audio.child import Child
from audio.voice import WORKER, SpeechFailed, Voice
from tests.processes import ForkedVoice
from zaoan import wiring


class Mute(Voice):
    """Never speaks; recordings and melodies are heard all the same."""

    def _spoken(self, speech, words):
        raise SpeechFailed(speech, "this voice is mute")


@contextmanager
def mute_unless_asked():
    """Meanwhile houses open with a mute voice, and whoever starts a voice's process forks it."""
    wiring.Voice, voice.Child = Mute, _started
    yield
    wiring.Voice, voice.Child = Voice, Child


def _started(command):
    return ForkedVoice() if command == WORKER else Child(command)
