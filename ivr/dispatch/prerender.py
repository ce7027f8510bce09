"""Voicing: sound for words that are soon to be said, made beside the calls; a voice that is silent is noted at once."""

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from audio.engines.engine import Engine
from audio.voice import SpeechFailed, VoiceEndedError, VoiceSilentError
from core.running import troubles
from core.running.background import Background
from core.running.troubles import Kind
from core.storage.database import after_commit, reading, unit_of_work
from ivr import queries
from ivr.dialogue.engine import Dialogue
from ivr.dispatch import calls
from ivr.listener import EVERYBODY, Overlay
from ivr.prompts import offline_prompts, own_voices
from ivr.prompts.lacking import Lacking
from ivr.provider.station import station

VOICING = "ivr.voice"
TIDYING = "ivr.tidy"
TIDYING_SECONDS = 3600.0
"""Oftener than once a day, because a service that is started anew begins to count anew."""
SILENT_FOR = timedelta(hours=12)
"""So long (real time) a silent voice is told of where nobody has tried it again."""

log = logging.getLogger(__name__)
_voicing = Background("voicing-soon")
_recorders = Background("voice-recorder")


class OwnVoice:
    """How a voice of ours fares in this process; any thread may ask and tell.

    ``kind`` is the trouble when it is silent; the log has its ``name``, and what speaks ``instead``. What one process
    has noted another one's success ends, so that nobody is told of a voice that speaks again.
    """

    def __init__(self, kind: Kind, name: str, instead: str) -> None:
        self._kind, self._name, self._instead = kind, name, instead
        self._guard = threading.Lock()
        self._is_silent: bool | None = None

    @property
    def is_silent(self) -> bool:
        """Whether it was silent when it was last asked."""
        return bool(self._is_silent)

    def failed(self, reason: str) -> None:
        """It made no sound."""
        self._tell(silent=True, reason=reason)

    def spoke(self) -> None:
        """It made whatever it was asked for."""
        self._tell(silent=False)

    def _tell(self, *, silent: bool, reason: str = "") -> None:
        with self._guard:
            news, self._is_silent = self._is_silent is not silent, silent
        if not news:
            return
        if silent:
            log.error("%s is silent; %s speaks instead: %s", self._name, self._instead, reason)
        _recorders.submit(_record, self._kind, reason if silent else None)


def _record(kind: Kind, silent_because: str | None) -> None:
    """In a thread of its own: whoever learns it may be in a unit of work, which this one would wait for."""
    try:
        with unit_of_work() as session:
            if silent_because is None:
                troubles.over(session, kind)
            else:
                troubles.note(session, kind, SILENT_FOR, reason=silent_because)
    except SQLAlchemyError:
        log.exception("how our voice fares could not be recorded")


own_voice = OwnVoice(Kind.VOICE, "our own voice", "the provider's voice")
"""The last of ours: nothing but the provider's comes after it."""
neural_voice = OwnVoice(Kind.NEURAL_VOICE, "the neural voice", "pyttsx3")


def lacking(dialogue: Dialogue, overlay: Overlay) -> Lacking:
    """What a dialogue may say, of which some has no clip yet."""
    return station().speaker.lacking(dialogue, overlay)


def prepare(wanted: Lacking, *, urgent: bool = False) -> None:
    """Makes the clips of a dialogue; whatever cannot be made is said in the log as soon as that is known.

    Those of a call that is ``urgent`` come before all others.
    """
    _tell(station().speaker.prepare(wanted, urgent=urgent))


def prepare_quickly(wanted: Lacking, *, urgent: bool = False) -> None:
    """Makes of a dialogue what nothing of ours can say yet, by the quickest of our voices."""
    _tell(station().speaker.prepare_quickly(wanted, urgent=urgent))


def prepare_while(dialogue: Dialogue, overlay: Overlay, goes_on: Callable[[], bool]) -> None:
    """As ``prepare``, as long as ``goes_on`` says so before each clip that has to be made; nothing is told of none."""
    told = []

    def asked() -> bool:
        told.append(goes_on())
        return told[-1]

    failures = list(station().speaker.prepare(lacking(dialogue, overlay), asked))
    if any(told):
        _tell(failures)


def prepare_standing() -> None:
    """Makes what is said when nothing can be looked up."""
    _tell(station().speaker.prepare_standing(offline_prompts.ALL))


def prepare_soon(session: Session, dialogue: Dialogue) -> None:
    """Makes the clips of a dialogue once this unit of work has committed; until then the provider speaks."""
    overlay = own_voices.overlay(session, dialogue, EVERYBODY)
    after_commit(session, partial(_submit, dialogue, overlay))


def voice_calls_in() -> None:
    """Makes the clips of calls that came in and go on: only their first words may be the provider's."""
    with reading() as session:
        under_way = [(calls.dialogue_of(call), calls.overlay_of(call)) for call in queries.calls_in_under_way(session)]
    for dialogue, overlay in under_way:
        wanted = lacking(dialogue, overlay)
        prepare_quickly(wanted, urgent=True)
        prepare(wanted, urgent=True)


def _submit(dialogue: Dialogue, overlay: Overlay) -> None:
    _voicing.submit(_prepare_both, dialogue, overlay)


def _prepare_both(dialogue: Dialogue, overlay: Overlay) -> None:
    wanted = lacking(dialogue, overlay)
    prepare_quickly(wanted)
    prepare(wanted)


def _tell(failures: Iterable[SpeechFailed]) -> None:
    silent = set()
    for failure in failures:
        if isinstance(failure, VoiceEndedError):  # it tells of this process, and nothing of how the voices fare
            return
        log.warning("the next voice will say it: %s", failure)
        if isinstance(failure, VoiceSilentError):
            silent.add(failure.engine)
            (neural_voice if failure.engine is Engine.NEURAL else own_voice).failed(failure.reason)
    if Engine.PYTTSX3 not in silent:
        own_voice.spoke()
    if Engine.NEURAL not in silent and not station().speaker.is_resting(Engine.NEURAL):
        neural_voice.spoke()
