"""Recorded prompts: people's own voices in place of the synthetic one.

A recording stands for words: a whole prompt as one resident hears it, a part of a prompt that is always the same, or
what stands in a gap (王奶奶). Wherever exactly these words are to be said to somebody it is meant for, it is played; a
resident's recordings come before a campaign's, and those before the community's. When the words change — another form
of address, another version of the prompt — the voice speaks again, until they are recorded anew.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from audio.reading.syllables.names import has_surname_of_its_own
from contacts.queries import names as people
from core import clock
from core.actors import Actor
from core.errors import NotFoundError, UserError
from core.i18n import Language
from core.ids import new_id
from core.running import events
from core.short_ids import short
from core.storage.database import reading
from ivr.dialogue.catalogue import bare, catalogue, gaps, names_in, pieces, words, written_in
from ivr.dialogue.engine import Dialogue, Prompt
from ivr.dialogue.stored import Document
from ivr.listener import Listener, Overlay
from ivr.models import RecordedPrompt
from ivr.queries import own_recordings

log = logging.getLogger(__name__)
ALWAYS_SYNTHETIC = "call"
"""Prompts that are said when nothing can be looked up."""
_SOME = "recorded prompts"
_READ = "readings of names"
_NAMED = "residents named in a text"


@dataclass(frozen=True)
class Scope:
    """For whom a recording is meant: one resident, one campaign, or with neither the whole community."""

    resident_id: UUID | None = None
    campaign_id: UUID | None = None

    @property
    def is_some(self) -> bool:
        """Whether it is meant for some people only."""
        return self.resident_id is not None or self.campaign_id is not None


EVERYWHERE = Scope()


@dataclass(frozen=True)
class Sayable:
    """Words that can be recorded: a whole prompt without gaps, or one fixed ``part`` (from 1) of one that has gaps."""

    key: str
    part: int | None
    words: str


@dataclass(frozen=True)
class PreparedSound:
    """A sound file as telephones play it (8 kHz µ-law WAV)."""

    file: bytes
    seconds: float

    @property
    def digest(self) -> str:
        """Names the sound: 40 hexadecimal digits."""
        return sha256(self.file).hexdigest()[:40]


def may_be_recorded(key: str) -> bool:
    """Whether the prompt may be heard in somebody's own voice."""
    return key.partition(".")[0] != ALWAYS_SYNTHETIC


def sayables(language: Language) -> Sequence[Sayable]:
    """Everything of the catalogue that can be recorded for everybody, in its order; whoever has a web page lists it."""
    return [each for key in catalogue(language) if may_be_recorded(key) for each in sayables_of(key, language)]


def sayables_of(key: str, language: Language) -> Sequence[Sayable]:
    """What of one prompt can be recorded for everybody. Raises ``KeyError`` for an unknown prompt."""
    fixed = [piece.words for piece in pieces(_unfilled(key, language), language) if piece.gap is None and piece.words]
    if not gaps(key, language):
        return [Sayable(key, None, text) for text in fixed[:1]]
    return [Sayable(key, number, text) for number, text in enumerate(fixed, 1)]


def whole(key: str, language: Language, filled: Mapping[str, str]) -> str:
    """The words of a whole prompt with its gaps ``filled``. Raises ``UserError`` where that is not all of them."""
    _known(key, language)
    if missing := [gap for gap in gaps(key, language) if gap not in filled]:
        raise UserError(
            "What stands in {gaps} of {value} is not the same in every call.",
            way_out="Record its parts one by one; `zaoan prompt list` numbers them.",
            field="key",
            value=key,
            gaps=", ".join(f"{{{gap}}}" for gap in missing),
        )
    return words(Prompt(key=key, words=dict(filled)), language)


def part(key: str, language: Language, number: int) -> str:
    """The words of the fixed part ``number`` (from 1) of a prompt. Raises ``UserError``."""
    _known(key, language)
    for each in sayables_of(key, language):
        if number == (each.part or 1):
            return each.words
    raise UserError(
        "{key} has no part {value}.",
        way_out="`zaoan prompt list` numbers the parts.",
        field="part",
        value=number,
        key=key,
    )


def prepared(content: bytes) -> PreparedSound:
    """An uploaded file made ready to be kept. Raises ``UserError`` for a recording that nobody could understand.

    It takes a while: do it before the unit of work in which the sound is kept, which callers would have to wait for.
    """
    # Imported here because it costs seconds, and few processes ever keep a recording.
    from audio.sound.telephone import RATE, as_ulaw
    from audio.sound.uploads import from_upload

    samples = from_upload(content)
    return PreparedSound(as_ulaw(samples), len(samples) / RATE)


def keep(
    session: Session,
    actor: Actor,
    sound: PreparedSound,
    *,
    key: str,
    language: Language,
    said: str,
    scope: Scope = EVERYWHERE,
    note: str = "",
) -> RecordedPrompt:
    """Keeps a recording of ``said``, in place of an earlier one for the same words and people.

    ``said`` comes from ``whole`` or ``part``, or is what stands in a gap; ``key`` is the prompt that it was recorded
    for. Calls that are made from now on play it. Raises ``UserError`` where nothing is said.
    """
    said = bare(said)
    if not said:
        raise UserError("There are no words to record.", way_out="Say which words it is.", field="words", value=said)
    _drop(session, language, said, scope)
    recorded = RecordedPrompt(
        id=new_id(),
        key=key,
        language=language,
        words=said,
        resident_id=scope.resident_id,
        campaign_id=scope.campaign_id,
        digest=sound.digest,
        sound=sound.file,
        seconds=sound.seconds,
        made_at=clock.now(),
        note=note,
    )
    session.add(recorded)
    session.flush()
    session.info[_SOME] = True
    events.append(session, actor, "recorded_prompt.kept", recorded.id)
    return recorded


def remove(session: Session, actor: Actor, recorded_id: UUID) -> None:
    """From now on the voice says these words again. Raises ``NotFoundError``."""
    recorded = session.get(RecordedPrompt, recorded_id)
    if recorded is None:
        raise NotFoundError(
            "There is no recording {value}.",
            way_out="`zaoan prompt recordings` lists them.",
            field="recording",
            value=short(recorded_id),
        )
    session.delete(recorded)
    session.flush()
    events.append(session, actor, "recorded_prompt.removed", recorded_id)


def remove_those_of(session: Session, resident_id: UUID) -> None:
    """Removes what was recorded for one resident, whose data are to be deleted."""
    session.execute(delete(RecordedPrompt).where(RecordedPrompt.resident_id == resident_id))


def overlay(session: Session, dialogue: Dialogue | Document, listener: Listener) -> Overlay:
    """What of this dialogue sounds otherwise for this listener; next to nothing is asked where there is nothing."""
    readings = _readings(session, dialogue, listener)
    if not _are_any(session):
        return Overlay(timbre=listener.timbre, readings=readings)
    best: dict[str, str] = {}
    for each in sorted(
        own_recordings.recorded_for(session, dialogue.language, listener), key=lambda it: _rank(it, listener)
    ):
        best.setdefault(each.words, each.digest)
    said = _said_in(dialogue) if best else frozenset()
    recordings = {text: digest for text, digest in best.items() if text in said}
    return Overlay(timbre=listener.timbre, recordings=recordings, readings=readings)


def _readings(session: Session, dialogue: Dialogue | Document, listener: Listener) -> Mapping[str, str]:
    """The people named in this dialogue whose names are not read as words are, each with their family's reading or "".

    The listener's own names win over others'.
    """
    prompts = dialogue.prompts()
    written = "\n".join(dict.fromkeys(filter(None, map(written_in, prompts))))
    known = _family_readings(session, written)
    within = _residents_within(session, written)
    called = {each.text for prompt in prompts for each in names_in(prompt)} if known else set()
    by_rank = sorted(known, key=lambda each: each.resident_id in listener.resident_ids)
    own = {text: each.by_character for each in by_rank for text in (each.called, each.name) if text in called | within}
    return {each: "" for each in sorted(within) if has_surname_of_its_own(each)} | own


def _family_readings(session: Session, written: str) -> Sequence[people.NameReading]:
    _ask_once(session, written)
    known: Sequence[people.NameReading] = session.info[_READ]
    return known


def _ask_once(session: Session, written: str = "") -> None:
    """Asked once in a unit of work, which may make the calls of a whole round; ``written`` is looked through, too."""
    if _READ not in session.info:
        found = people.names_at_once(session, written, own_recordings.has_recorded())
        session.info[_READ] = found.readings
        session.info.setdefault(_SOME, found.so)
        session.info.setdefault(_NAMED, {})[written] = found.within


def _residents_within(session: Session, written: str) -> frozenset[str]:
    """Residents named in what the office has written; a round's message is looked through once."""
    if not written:
        return frozenset()
    looked_through: dict[str, frozenset[str]] = session.info.setdefault(_NAMED, {})
    if written not in looked_through:
        looked_through[written] = people.names_within(session, written)
    return looked_through[written]


def sound_of(digest: str) -> bytes | None:
    """The sound file (8 kHz µ-law WAV) of a recording, from a transaction of its own; None when it cannot be had."""
    try:
        with reading() as session:
            return own_recordings.recorded_sound(session, digest)
    except SQLAlchemyError:
        log.exception("the recording %s cannot be had; the voice says its words", digest)
        return None


def _rank(recorded: own_recordings.Recorded, listener: Listener) -> tuple[int, int]:
    if recorded.resident_id is not None:
        return 0, listener.resident_ids.index(recorded.resident_id)
    return (1 if recorded.campaign_id is not None else 2), 0


def _are_any(session: Session) -> bool:
    _ask_once(session)
    return bool(session.info[_SOME])


def _said_in(dialogue: Dialogue | Document) -> frozenset[str]:
    said: set[str] = set()
    for prompt in dialogue.prompts():
        if prompt.key in catalogue(dialogue.language):
            said.add(bare(words(prompt, dialogue.language)))
            said |= {piece.words for piece in pieces(prompt, dialogue.language)}
    return frozenset(said)


def _unfilled(key: str, language: Language) -> Prompt:
    return Prompt(key=key, words=dict.fromkeys(gaps(key, language), ""))


def _known(key: str, language: Language) -> None:
    if key not in catalogue(language):
        raise UserError(
            "There is no prompt {value}.", way_out="`zaoan prompt list` names them.", field="key", value=key
        )
    if not may_be_recorded(key):
        raise UserError(
            "{value} is said when nothing can be looked up; the voice always says it.",
            way_out="Choose another prompt.",
            field="key",
            value=key,
        )


def _drop(session: Session, language: Language, said: str, scope: Scope) -> None:
    session.execute(
        delete(RecordedPrompt).where(
            RecordedPrompt.language == language,
            RecordedPrompt.words == said,
            RecordedPrompt.resident_id.is_(None)
            if scope.resident_id is None
            else RecordedPrompt.resident_id == scope.resident_id,
            RecordedPrompt.campaign_id.is_(None)
            if scope.campaign_id is None
            else RecordedPrompt.campaign_id == scope.campaign_id,
        )
    )
