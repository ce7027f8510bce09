"""Dialogues as calls keep them: what many calls share, by its digest, and what is particular to one.

Each is understood once, and not again at each turn of its call.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from threading import Lock
from typing import Generic, TypeVar
from uuid import uuid4

from core.i18n import Language
from core.storage.database import as_json
from ivr.dialogue import particulars
from ivr.dialogue.engine import Dialogue, Prompt
from ivr.dialogue.validation import checked

MOST_REMEMBERED = 64
"""More calls than are talked in at once by any one process."""
MOST_TEXTS = 256
"""More dialogues than there are, apart from whom they are about."""
DIGEST_BYTES = 16
_OURS = uuid4().hex
_T = TypeVar("_T")


@dataclass(frozen=True)
class Document:
    """A dialogue as calls keep it, checked once for all calls that differ only in whom they are about.

    ``text`` is its JSON with a blank for each of its ``particulars``.
    """

    text: str
    particulars: tuple[str, ...]
    language: Language
    said: Sequence[Prompt]

    @cached_property
    def digest(self) -> bytes:
        """Names the text, ``DIGEST_BYTES`` long."""
        return blake2b(self.text.encode(), digest_size=DIGEST_BYTES).digest()

    @property
    def written(self) -> str:
        """Its particulars as a call keeps them: a JSON list."""
        return as_json(self.particulars)

    def prompts(self) -> Sequence[Prompt]:
        """Everything that may be said, each once."""
        return self.said

    def about(self, subjects: Sequence[str]) -> "Document":
        """The same about these: the first of them where the dialogue says ``placeholder(0)``, and so on."""
        its = {placeholder(index): subject for index, subject in enumerate(subjects)}
        particulars = tuple(its.get(each, each) for each in self.particulars)
        found = Document(self.text, particulars, self.language, self.said)
        found.__dict__["digest"] = self.digest  # worked out once for all of them
        return found


def document(dialogue: Dialogue) -> Document:
    """The dialogue as calls keep it; raises ``DialogueError`` for one that no call may carry."""
    plain = checked(dialogue).model_dump(mode="json", exclude_defaults=True)
    return Document(*particulars.parted(plain), dialogue.language, tuple(dialogue.prompts()))


def placeholder(index: int) -> str:
    """Stands in a dialogue for the subject with this index (see ``Document.about``); nobody can write such a thing."""
    return f"{_OURS}.{index}"


def read(digest: bytes, written: str, text: Callable[[], str]) -> Dialogue:
    """The dialogue of a call that keeps these; ``text`` looks up what the digest names, where it is not remembered.

    Raises pydantic's ``ValidationError`` for what is no dialogue.
    """
    return _dialogues.get((digest, written), lambda: _understood(texts.get(digest, text), written))


def _understood(text: str, written: str) -> Dialogue:
    return Dialogue.model_validate_json(particulars.filled(text, json.loads(written)))


class Remembered(Generic[_T]):
    """The things asked for last, by what names them."""

    def __init__(self, most: int) -> None:
        self._guard, self._most = Lock(), most
        self._known: OrderedDict[Hashable, _T] = OrderedDict()

    def get(self, name: Hashable, make: Callable[[], _T]) -> _T:
        """It, made when it is not known."""
        with self._guard:
            if name in self._known:
                self._known.move_to_end(name)
                return self._known[name]
        made = make()
        with self._guard:
            self._known[name] = made
            self._known.move_to_end(name)
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        return made


_dialogues = Remembered[Dialogue](MOST_REMEMBERED)
texts = Remembered[str](MOST_TEXTS)
"""What digests name: it is the same in every database."""
