"""The option that takes a language, in any spelling."""

from contacts import vocabulary
from core.i18n import Language
from zaoan.commands.words import Word

LANGUAGE = Word(Language, vocabulary.LANGUAGES)
