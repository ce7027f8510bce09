"""Dialogues as calls keep them: JSON, understood once for each call and not again at each of its turns."""

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from core.i18n import Language
from ivr.dialogue.engine import Dialogue, Prompt
from ivr.dialogue.validation import checked

MOST_REMEMBERED = 64
"""More calls than are talked in at once by any one process."""


def written(dialogue: Dialogue) -> str:
    """A dialogue as a call keeps it; raises ``DialogueError`` for one that no call may carry."""
    return checked(dialogue).model_dump_json(exclude_defaults=True)


@dataclass(frozen=True)
class Document:
    """A dialogue as calls keep it (``kept``), checked once for all calls that differ only in whom they are about."""

    kept: str
    language: Language
    said: Sequence[Prompt]

    def prompts(self) -> Sequence[Prompt]:
        """Everything that may be said, each once."""
        return self.said

    def about(self, subjects: Sequence[str]) -> "Document":
        """The same about these: the first of them where the dialogue says ``placeholder(0)``, and so on."""
        kept = self.kept
        for index, subject in enumerate(subjects):
            kept = kept.replace(_subject(placeholder(index)), _subject(subject))
        return Document(kept, self.language, self.said)


def document(dialogue: Dialogue) -> Document:
    """The dialogue as calls keep it; raises ``DialogueError`` for one that no call may carry."""
    return Document(written(dialogue), dialogue.language, tuple(dialogue.prompts()))


def placeholder(index: int) -> str:
    """Stands in a dialogue for the subject with this index (see ``Document.about``); nobody writes such a thing."""
    return f"\N{SYMBOL FOR SUBSTITUTE}{index}\N{SYMBOL FOR SUBSTITUTE}"


def _subject(subject: str) -> str:
    return '"subject":' + json.dumps(subject, ensure_ascii=False)


def read(call_id: UUID, kept: str) -> Dialogue:
    """The dialogue that the call keeps; what is remembered of it counts only while it is still exactly that.

    Raises pydantic's ``ValidationError`` for what is no dialogue.
    """
    return _remembered.read(call_id, kept)


class _Remembered:
    """The dialogues read last, the latest at the end."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._read: OrderedDict[UUID, tuple[str, Dialogue]] = OrderedDict()

    def read(self, call_id: UUID, kept: str) -> Dialogue:
        with self._guard:
            known = self._read.get(call_id)
        if known is not None and known[0] == kept:
            return known[1]
        dialogue = Dialogue.model_validate_json(kept)
        with self._guard:
            self._read[call_id] = (kept, dialogue)
            self._read.move_to_end(call_id)
            if len(self._read) > MOST_REMEMBERED:
                self._read.popitem(last=False)
        return dialogue


_remembered = _Remembered()
