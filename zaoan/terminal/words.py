"""Options that take a word: in Chinese or English, as it is printed or as the key that programs use."""

import os
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Generic, TypeVar

import typer

from core.i18n import InWords, Language, translate
from zaoan.terminal import spoken

Key = TypeVar("Key", bound=StrEnum)


class Word(Generic[Key]):
    """Parses a word of ``kind``; beside ``spellings`` those under ``prefix`` in the catalogues of both languages."""

    def __init__(
        self, kind: type[Key], spellings: Mapping[Key, Sequence[str]] | None = None, prefix: str | None = None
    ) -> None:
        self.__name__ = "|".join(kind)
        self._kind, self._spellings, self._prefix = kind, spellings or {}, prefix

    def __call__(self, written: str) -> Key:
        """The key; raises ``typer.BadParameter`` with the words there are."""
        from contacts.columns import vocabulary  # only where a word is typed: help needs no tables

        known = {key: (*self._spellings.get(key, ()), *self._printed(key)) for key in self._kind}
        found = vocabulary.meaning(known, written)
        if found is None:
            words = [InWords(f"{spelt[0]} ({key})", f"{key} ({spelt[0]})") for key, spelt in known.items()]
            said = "Nobody knows the word “{value}” here. Write one of: {known}."
            raise typer.BadParameter(translate(spoken.language(os.environ), said, value=written, known=words))
        return found

    def _printed(self, key: Key) -> Sequence[str]:
        if self._prefix is None:
            return ()
        return [translate(language, self._prefix + key) for language in Language]
