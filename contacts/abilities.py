"""What responders speak and can do: closed vocabularies, so that a list, a page and a ladder mean the same."""

from collections.abc import Collection
from enum import StrEnum

from core.i18n import Language


class Spoken(StrEnum):
    """A language or dialect in which two people can talk with each other."""

    MANDARIN = "mandarin"
    LOCAL_DIALECT = "local_dialect"
    """What those speak who have always lived here, where it has no name of its own below."""
    CANTONESE = "cantonese"
    WU = "wu"
    MIN_NAN = "min_nan"
    HAKKA = "hakka"
    JIN = "jin"
    XIANG = "xiang"
    GAN = "gan"
    SICHUANESE = "sichuanese"
    MONGOLIAN = "mongolian"
    TIBETAN = "tibetan"
    UYGHUR = "uyghur"
    KOREAN = "korean"
    ENGLISH = "english"


class Skill(StrEnum):
    """What somebody can do at a door, beyond going there."""

    FIRST_AID = "first_aid"
    NURSING = "nursing"
    SHOPPING = "shopping"
    LIFTING = "lifting"
    REPAIRS = "repairs"
    DRIVING = "driving"
    COMPANY = "company"
    COUNSELLING = "counselling"
    DEVICES = "devices"
    """Telephones, hearing aids, forms on a screen."""


_OF_CALLS = {Language.CHINESE: Spoken.MANDARIN, Language.ENGLISH: Spoken.ENGLISH}


def speaks(language: str, others: Collection[str]) -> frozenset[Spoken]:
    """What somebody speaks who hears our calls in ``language``, and was told to speak ``others`` besides."""
    return frozenset({_OF_CALLS[Language(language)], *map(Spoken, others)})
