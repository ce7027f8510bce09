"""Telephones of several people, in words: of a responder and a resident, or of residents of several homes."""

from contacts import phones
from contacts.queries.numbers import NumberInHomes, SharedNumber
from core import settings
from core.i18n import listed, translate


def shared_sentence(each: SharedNumber) -> tuple[str, dict[str, str]]:
    """What is said of a telephone that is a responder's and a resident's at once: a catalogue key and its gaps."""
    gaps = {"responder": each.responder, "resident": each.resident, "number": phones.formatted(each.number),
            "role": translate(settings.current().language, f"role:{each.role}")}  # fmt: skip
    if each.responder == each.resident:
        return ("{resident} is resident and {role} with the same telephone {number}: they are not asked about "
                "themselves.", gaps)  # fmt: skip
    return ("{responder} ({role}) and the resident {resident} have the same telephone {number}: {responder} is not "
            "asked about {resident}.", gaps)  # fmt: skip


def homes_sentence(each: NumberInHomes) -> tuple[str, dict[str, str]]:
    """What is said of a telephone that residents of several homes have: a catalogue key and its gaps."""
    return ("{names} live in different homes and have the same telephone {number}. If one of them has another: zaoan "
            "resident set NAME --phone NUMBER", {"names": listed(settings.current().language, each.residents),
                                                 "number": phones.formatted(each.number)})  # fmt: skip
