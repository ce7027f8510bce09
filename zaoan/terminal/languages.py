"""The option that takes a language, in any spelling."""

from contacts.columns import vocabulary
from core.i18n import Language
from zaoan.terminal.words import Word

LANGUAGE = Word(Language, vocabulary.LANGUAGES)
