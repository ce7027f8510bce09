"""How a family reads its name, as people write it: ``gě guó qiáng``, ``ge3 guo2 qiang2``, or the surname alone."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from core.errors import UserError

_TONES: Final[Mapping[str, str]] = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
_SYLLABLE: Final = re.compile(
    r"(?:[zcs]h?|[bpmfdtnlgkhjqxryw])?"
    r"(?:a|ai|an|ang|ao|e|ei|en|eng|er|i|ia|ian|iang|iao|ie|in|ing|iong|iu|o|ong|ou|u|ua|uai|uan|uang|ue|ui|un|uo|v|ve|van|vn)"
    r"[1-5]"
)
_HAN: Final = re.compile("[\u3400-\u9fff〇\U00020000-\U000323af]")


def reading(text: str, name: str) -> str:
    """The syllables, tone numbers behind them and v for ü, for the first characters of ``name``; raises ``UserError``.

    ``gě`` is ``ge3``; a syllable without a mark has the neutral tone.
    """
    said = " ".join(_syllable(each) for each in re.split(r"[\s'’,，、]+", text.strip()) if each)
    if not all(_SYLLABLE.fullmatch(each) for each in said.split()):
        raise _refused(text, "Write pinyin with tones, for example gě guó qiáng or ge3 guo2 qiang2.")
    if len(said.split()) > len(_HAN.findall(name)):
        raise _refused(text, "Write one syllable for each character of {name}, or for the surname alone.", name=name)
    return said


def by_character(name: str, said: str) -> str:
    """A reading with the characters that it is of: ``盖=ge3 国=guo2``."""
    return " ".join(f"{character}={each}" for character, each in zip(_HAN.findall(name), said.split(), strict=False))


def marked(said: str) -> str:
    """Syllables as a person reads them, with tone marks: ``lv4 chang2`` is ``lǜ cháng``; what is none is left."""
    return " ".join(map(_marked, said.split(" ")))


def _marked(syllable: str) -> str:
    letters, tone = syllable[:-1].replace("v", "ü"), syllable[-1:]
    if not _SYLLABLE.fullmatch(syllable) or tone == "5":
        return letters if _SYLLABLE.fullmatch(syllable) else syllable
    place = next((letters.index(each) for each in ("a", "e", "ou") if each in letters), None)
    if place is None:
        place = max(letters.rfind(each) for each in "iouü")
    mark = next(each for each, number in _TONES.items() if number == tone)
    return unicodedata.normalize("NFC", letters[: place + 1] + mark + letters[place + 1 :])


def _syllable(written: str) -> str:
    """One syllable with its tone as a number."""
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", written).lower()).replace("u\u0308", "v")
    letters = letters.replace("u:", "v")
    tone = "".join(_TONES[each] for each in letters if each in _TONES)
    plain = re.sub("u(?=\u0308)|u\u0308", "v", "".join(each for each in letters if each not in _TONES))
    plain = plain.replace("\u0308", "")
    return plain if plain[-1:].isdigit() else plain + (tone or "5")


def _refused(text: str, way_out: str, **gaps: object) -> UserError:
    return UserError("“{value}” is no reading of this name.", way_out=way_out, field="reading", value=text, **gaps)
