"""pyttsx3's espeak driver, spoken in the thread that asks: ``pyttsx3.init(NAME)`` after ``register``.

The driver as shipped (2.99) lets a thread of espeak's speak, looks every 10 ms whether that is over, and has to wait in
steps of 20 ms for a voice or a rate to be taken; its ``iterate`` is no iterator, so that a loop of our own
(``startLoop(False)``) raises. espeak's synchronous mode gives the same samples and needs no waiting.
"""

import sys
from typing import Any

from pyttsx3.drivers import _espeak
from pyttsx3.drivers.espeak import EspeakDriver

NAME = "espeak_at_once"
BUFFER_MILLISECONDS = 1000
FIRST_VOICE = "gmw/en"


class EspeakAtOnce(EspeakDriver):  # type: ignore[misc]
    """One utterance for each run of the loop, which returns when it is in its file."""

    def startLoop(self) -> None:
        """Takes what is queued and speaks it."""
        self._proxy.setBusy(False)
        if self._text_to_say:
            self._start_synthesis(self._text_to_say)
        if self._speaking:  # in this mode espeak returns at the end and does not tell of it besides
            self._onSynth(None, 0, [_espeak.EVENT(_espeak.EVENT_MSG_TERMINATED)])


def buildDriver(proxy: Any) -> EspeakAtOnce:
    """What pyttsx3 asks a driver's module for; espeak is made ready once for the whole process."""
    if not EspeakDriver._moduleInitialized:
        if _espeak.Initialize(_espeak.AUDIO_OUTPUT_SYNCHRONOUS, BUFFER_MILLISECONDS) < 0:
            raise RuntimeError("espeak cannot be made ready")
        EspeakDriver._moduleInitialized, EspeakDriver._defaultVoice = True, FIRST_VOICE
    return EspeakAtOnce(proxy)


def register() -> None:
    """Makes the driver known to pyttsx3, which looks for drivers among its own modules."""
    sys.modules[f"pyttsx3.drivers.{NAME}"] = sys.modules[__name__]
