"""What can be recorded, and has been, for whom: the rows of the page of recordings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby

from sqlalchemy.orm import Session

from campaigns.listeners import filled_for
from core.errors import NotFoundError
from core.i18n import Language
from ivr.dialogue.catalogue import bare, catalogue, gaps
from ivr.models import RecordedPrompt
from ivr.prompts import own_voices
from ivr.prompts.own_voices import Scope
from ivr.queries import own_recordings

NAME_KEY = "check_in.greeting"
"""The prompt for which a resident's form of address is recorded; it is played wherever they are addressed."""


@dataclass(frozen=True)
class Saying:
    """Words that can be recorded; ``own`` is the recording of these very people, ``others`` one for everybody."""

    key: str
    words: str
    own: RecordedPrompt | None
    others: RecordedPrompt | None

    @property
    def place(self) -> str:
        """Where it stands on the page: its key, and which part of the prompt it is."""
        return f"{self.key}-{sha256(self.words.encode()).hexdigest()[:6]}"


@dataclass(frozen=True)
class Chapter:
    """The sayings of one group of the prompt catalogue; ``recorded`` is how many have a recording of their own."""

    name: str
    sayings: Sequence[Saying]

    @property
    def recorded(self) -> int:
        """How many of them are heard in somebody's own voice."""
        return sum(bool(each.own) for each in self.sayings)


def chapters(session: Session, language: Language, scope: Scope) -> Sequence[Chapter]:
    """Everything that can be recorded for ``scope``, in the order of the catalogue; a resident's name comes first.

    Words that are said in several places are recorded once for all of them.
    """
    known = [each for each in own_recordings.recorded_prompts(session) if each.language == language]
    own = {each.words: each for each in known if _scope(each) == scope}
    others = {each.words: each for each in known if _scope(each) == own_voices.EVERYWHERE} if scope.is_some else {}
    once = {bare(words): key for key, words in reversed([*_sayable(session, language, scope)])}
    rows = [Saying(key, words, own.get(words), others.get(words)) for words, key in reversed(once.items())]
    return [Chapter(name, list(each)) for name, each in groupby(rows, key=lambda row: row.key.partition(".")[0])]


def said(session: Session, language: Language, scope: Scope, key: str, words: str) -> str:
    """The words themselves, if they can be recorded for ``scope``; raises ``NotFoundError`` otherwise."""
    if (key, words) not in {(each, bare(said)) for each, said in _sayable(session, language, scope)}:
        raise NotFoundError("There is no prompt {value}.", way_out="Choose one of the list.", field="key", value=key)
    return words


def _scope(each: RecordedPrompt) -> Scope:
    return Scope(each.resident_id, each.campaign_id)


def _sayable(session: Session, language: Language, scope: Scope) -> Iterator[tuple[str, str]]:
    filled = filled_for(session, scope)
    if "called" in filled:
        yield NAME_KEY, filled["called"]
    for key in catalogue(language):
        yield from _of_prompt(key, language, filled)


def _of_prompt(key: str, language: Language, filled: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A prompt whose gaps are always filled alike for these people is recorded whole, any other part by part."""
    if not own_voices.may_be_recorded(key):
        return
    if gaps(key, language) and set(gaps(key, language)) <= set(filled):
        yield key, own_voices.whole(key, language, filled)
    else:
        yield from ((key, each.words) for each in own_voices.sayables_of(key, language))
