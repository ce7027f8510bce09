"""Translations: Babel catalogues for everything a person reads on a screen or in a text message."""

from enum import StrEnum
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent / "locales"


class Language(StrEnum):
    """Languages of the interface and of the shipped prompts, as BCP 47 tags."""

    CHINESE = "zh-CN"
    ENGLISH = "en"


def translate(language: Language | str, text: str, /, **parameters: object) -> str:
    """``text`` (the English catalogue key) in ``language``, with its ``{placeholders}`` filled in."""
    translated = _catalogue(Language(language)).gettext(text)
    return translated.format(**parameters) if parameters else translated


@cache
def _catalogue(language: Language) -> GNUTranslations:
    """The catalogue is compiled from its .po text in memory, so no build step can leave it stale."""
    path = LOCALES / language.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source))
    compiled.seek(0)
    return GNUTranslations(compiled)
