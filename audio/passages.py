"""Passages: the parts of a text that one voice can speak. The English voice says "Chinese letter" for each 王."""

import re
from dataclasses import dataclass
from typing import Final

from core.i18n import Language

HAN: Final = "\u3400-\u9fff〇"
SUFFIX: Final = "兒"
"""Stands for the 儿 that only colours the syllable before it: 一会儿, 这儿, 老伴儿, but not 儿子, 女儿."""

SENTENCE_PAUSE_SECONDS: Final = 0.6
"""Between 500 and 750 ms: the time that older people need between two choices."""
_SENTENCE: Final = re.compile(r"[^。！？；]+[。！？；]*[”’」』]*|[。！？；]+")
_PASSAGE: Final = re.compile(rf"[{HAN}]+[^\w{HAN}]*|[^{HAN}]+")


@dataclass(frozen=True)
class Passage:
    """Words for one voice, as espeak spells them, and the quiet that follows before the next one speaks."""

    words: str
    language: Language
    pause_seconds: float


def passages(words: str, language: Language) -> tuple[Passage, ...]:
    """A Chinese name in an English text is a passage of its own; the Mandarin voice speaks foreign words itself.

    That voice hardly pauses between sentences, and the choices of a menu are sentences: each is a passage.
    """
    if language is Language.CHINESE:
        return tuple(_sentence(match[0]) for match in _SENTENCE.finditer(words) if re.search(r"\w", match[0]))
    return tuple(_passage(match[0]) for match in _PASSAGE.finditer(words) if re.search(r"\w", match[0]))


def spelled(words: str) -> str:
    """Spoken words as espeak is given them.

    Its dictionary writes a thousand words with the suffix as "yi2hui4r5", which the Mandarin voice lacks and spells in
    English letters and numbers; a syllable of its own without a tone comes as near as can be.
    """
    return words.replace(SUFFIX, "er5")


def _sentence(words: str) -> Passage:
    pause = SENTENCE_PAUSE_SECONDS if words.rstrip()[-1] in "。！？；" else 0.0
    return Passage(spelled(words), Language.CHINESE, pause)


def _passage(words: str) -> Passage:
    language = Language.CHINESE if re.match(f"[{HAN}]", words) else Language.ENGLISH
    ending = words.rstrip()[-1]
    return Passage(spelled(words), language, 0.3 if ending in ".!?。！？" else 0.15 if ending in ",;:，；：" else 0.05)
