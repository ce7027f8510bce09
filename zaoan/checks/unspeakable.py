"""Who or what the voice cannot say: found before the call, told with the way out.

The people's floor knows the words, the sound's floor knows the voice; neither knows the other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from audio.reading.syllables.names import named
from audio.reading.unspoken import unreadable
from contacts.queries import names as queries_names
from contacts.queries.names import SpokenWords
from core.i18n import Language
from ivr.dialogue.catalogue import bare
from ivr.queries import own_recordings

UNSAID = "The voice cannot say everything of: {names}."
WAY_OUT = (
    "Give them a form of address that it can say, or record it: "
    "`zaoan prompt record check_in.greeting FILE --says NAME`."
)


@dataclass(frozen=True)
class Unspeakable:
    """``characters`` of ``words``, which are said of or to ``whose``, that the voice cannot say."""

    whose: str
    words: str
    characters: str


def unspeakable(spoken: Iterable[SpokenWords], recorded: frozenset[str] = frozenset()) -> Sequence[Unspeakable]:
    """Everything that cannot be said and was not ``recorded``, in its order."""
    found = []
    for each in spoken:
        names = [named(each.words, each.reading)] if each.reading else []
        characters = "" if bare(each.words) in recorded else unreadable(each.words, Language(each.language), names)
        if characters:
            found.append(Unspeakable(each.whose, each.words, characters))
    return found


def listed(found: Sequence[Unspeakable]) -> str:
    """In one line, each with the characters in question; never the words, which may be a way into a home."""
    characters: dict[str, str] = {}
    for each in found:
        characters[each.whose] = "".join(dict.fromkeys(characters.get(each.whose, "") + each.characters))
    return ", ".join(f"{whose} ({lacking})" for whose, lacking in characters.items())


def unspeakable_people(session: Session) -> Sequence[Unspeakable]:
    """Of all residents and responders of the installation."""
    return unspeakable(queries_names.spoken_words(session), own_recordings.recorded_words(session))
