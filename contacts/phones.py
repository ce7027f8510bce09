"""Telephone numbers: from whatever people write to E.164, and back for people to read.

Whatever an automatic call must not or cannot reach is refused here: emergency, short and premium numbers, extensions.
"""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, shortnumberinfo

from core.errors import UserError

_DASHES = re.compile("[‐‑‒–—―−]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_WRITTEN = re.compile(r"\+?[\d\s().-]+")
_NAMED_EXTENSION = re.compile(
    r"(?:转接?|轉接?|分机|分機|内线|extension|ext\b|ext(?=\d)|x|#|,|;)\D{0,6}\d{1,8}\s*$", re.IGNORECASE
)
_DASHED_EXTENSION = re.compile(r"^(?P<number>.*\d\D*)-\s*\d{1,5}$")
_LOCAL = re.compile(r"[2-9]\d{4,7}")
"""No country of ours has local numbers that begin with 0 or 1; a mobile number cut short must not become one."""
_CHINA = 86
_SUBSCRIBER_IN_CHINA = re.compile(r"[2-9]\d{6,7}")
"""Behind an area code; what is shorter, or begins with 1, is a service."""
_BETWEEN = re.compile(r"[\s,;/、|\\]+|或|和|及")
_LEAST_DIGITS = 7
_MOST_EMERGENCY_DIGITS = 8
"""No emergency number of any region known to phonenumbers 9.0.43 is longer."""
_COSTLY = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}

_TAKE_NO_TEXTS = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
}


class PhoneKind(StrEnum):
    """What a number says of its telephone; some countries do not tell landlines from mobile telephones."""

    LANDLINE = "landline"
    MOBILE = "mobile"
    OTHER = "other"


_KINDS = {PhoneNumberType.FIXED_LINE: PhoneKind.LANDLINE, PhoneNumberType.MOBILE: PhoneKind.MOBILE}


class PhoneError(UserError):
    """A number that cannot be kept; ``value`` is what was written."""


class ExtensionError(PhoneError):
    """The number needs an extension, which an automatic call cannot dial."""

    def __init__(self, text: str) -> None:
        super().__init__(
            "“{value}” has an extension, which an automatic call cannot dial.",
            way_out="Give a number that rings directly.",
            field="phone",
            value=text,
        )


class EmergencyNumberError(PhoneError):
    """The number reaches an emergency service, which no automatic call may ever ring."""

    def __init__(self, text: str) -> None:
        super().__init__(
            "“{value}” is an emergency number, which is never rung automatically.",
            way_out="Give the person's own number.",
            field="phone",
            value=text,
        )


class ShortNumberError(PhoneError):
    """The number is a service's short number."""

    def __init__(self, text: str) -> None:
        super().__init__(
            "“{value}” is the short number of a service.",
            way_out="Give the person's own number.",
            field="phone",
            value=text,
        )


class PremiumNumberError(PhoneError):
    """Ringing the number costs extra."""

    def __init__(self, text: str) -> None:
        super().__init__(
            "Ringing “{value}” costs extra, so it is never rung automatically.",
            way_out="Give the person's own number.",
            field="phone",
            value=text,
        )


class OurNumberError(PhoneError):
    """The number is one of ours, from which residents and responders are rung."""

    def __init__(self, text: str) -> None:
        super().__init__(
            "“{value}” is our own number, from which we ring.",
            way_out="Give the person's own number.",
            field="phone",
            value=text,
        )


class InvalidNumberError(PhoneError):
    """Nobody can have this number."""

    def __init__(self, text: str) -> None:
        super().__init__(
            "“{value}” is not a telephone number.",
            way_out="Write one number in full, for example 0311-86012345 or 13800138000.",
            field="phone",
            value=text,
        )


def parse(text: str, region: str, area_code: str) -> str:
    """The number in E.164; ``region`` and ``area_code`` complete what was written without them.

    Raises ``PhoneError`` for what no automatic call may or can ring.
    """
    written = _tidy(text)
    if _NAMED_EXTENSION.search(written):
        raise ExtensionError(text)
    if not _WRITTEN.fullmatch(written):
        raise InvalidNumberError(text)
    _refuse_as_dialled(text, written, region)
    if (dashed := _DASHED_EXTENSION.match(written)) and _complete(dashed["number"], region, area_code):
        raise ExtensionError(text)
    number = _complete(written, region, area_code)
    if number is None:
        _refuse_behind_codes(text, written, region, area_code)
        raise InvalidNumberError(text)
    if phonenumbers.number_type(number) in _COSTLY:
        raise PremiumNumberError(text)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def separate(text: str) -> list[str]:
    """The numbers in a text that holds several, each as it was written; empty where a part can be none of its own."""
    parts = [part.strip() for part in _BETWEEN.split(_tidy(text)) if part.strip()]
    return parts if all(len(re.findall(r"\d", part)) >= _LEAST_DIGITS for part in parts) else []


def caller(text: str, region: str, area_code: str) -> str | None:
    """Who rings or writes, in E.164, however the provider writes it: ``0311…``, ``86…``, a local number, with blanks.

    None for what is no whole number; services may ring us from numbers that we would never ring.
    """
    written = _tidy(text)
    if not _WRITTEN.fullmatch(written):
        return None
    number = _complete(written, region, area_code)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else None


def can_receive_texts(number: str) -> bool:
    """Whether a text to this E.164 number can arrive; never at a landline or at a service's number.

    A number that the numbering plan does not know gets the benefit of the doubt: the provider knows better.
    """
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(parsed) not in _TAKE_NO_TEXTS


def may_be_rung(number: str, region: str, area_code: str) -> bool:
    """Whether an automatic call may ring a number that is kept (E.164): an older one may be of a kind refused now."""
    try:
        return parse(number, region, area_code) == number
    except PhoneError:
        return False


def formatted(number: str, region: str | None = None) -> str:
    """An E.164 number as people write it; with its country where it is not that of ``region``."""
    parsed = phonenumbers.parse(number)
    abroad = region is not None and parsed.country_code != phonenumbers.country_code_for_region(region)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL if abroad else PhoneNumberFormat.NATIONAL)


def kind_of(number: str) -> PhoneKind:
    """Which kind of telephone an E.164 number is."""
    return _KINDS.get(phonenumbers.number_type(phonenumbers.parse(number)), PhoneKind.OTHER)


def _tidy(text: str) -> str:
    return _DASHES.sub("-", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))).strip()


def _complete(written: str, region: str, area_code: str) -> PhoneNumber | None:
    """The whole number that was meant; one without 0 or + in front, and no longer than local ones, is of this area.

    phonenumbers 9.0.43 takes 85195678 for 0851-95678, a service of another province, and 20962405 for one in 020.
    """
    digits = re.sub(r"\D", "", written)
    is_local = area_code and "+" not in written and _LOCAL.fullmatch(digits)
    number = _read(area_code + digits if is_local else written, region)
    kind = phonenumbers.number_type(number) if number else PhoneNumberType.UNKNOWN
    return None if number is None or kind == PhoneNumberType.UNKNOWN or _is_service(number, kind) else number


def _is_service(number: PhoneNumber, kind: int) -> bool:
    """Whether it is a service's number behind an area code, which reaches that city's.

    phonenumbers 9.0.43 calls 010-95588 and 0311-12345678 valid lines. No mobile number of China has an area code.
    """
    if number.country_code != _CHINA or kind == PhoneNumberType.MOBILE:
        return False
    behind = _behind_area_code(number)
    return behind is not None and not _SUBSCRIBER_IN_CHINA.fullmatch(behind)


def _behind_area_code(number: PhoneNumber) -> str | None:
    """What follows the area code; None where there is none."""
    area = phonenumbers.length_of_geographical_area_code(number)
    return phonenumbers.national_significant_number(number)[area:] if area else None


@lru_cache(maxsize=16)  # one number is asked about several times in a row
def _read(written: str, region: str) -> PhoneNumber | None:
    """The number, which nobody changes; None for what is none."""
    try:
        return phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None


def _refuse_as_dialled(text: str, written: str, region: str) -> None:
    """The short numbers of emergencies and services, also behind a country code."""
    number = _read(written, region)
    forms = [re.sub(r"\D", "", written)]
    if number:
        forms.append(phonenumbers.national_significant_number(number))
    if any(shortnumberinfo.is_emergency_number(form, region) for form in forms if len(form) <= _MOST_EMERGENCY_DIGITS):
        raise EmergencyNumberError(text)
    if number and shortnumberinfo.is_valid_short_number(number):
        raise ShortNumberError(text)


def _refuse_behind_codes(text: str, written: str, region: str, area_code: str) -> None:
    """Of what is no whole number: that of an emergency or a service, with any code in front."""
    digits = re.sub(r"\D", "", written)
    forms, regions = {digits, digits.removeprefix(area_code)}, {region}
    if number := _read(written, region):
        national = phonenumbers.national_significant_number(number)
        forms |= {national, national.removeprefix(area_code), national.removeprefix(area_code.lstrip("0"))}
        if not _LOCAL.fullmatch(digits):
            forms.add(_behind_area_code(number) or national)
        regions.add(phonenumbers.region_code_for_number(number) or region)
    if any(_is_emergency(form, each) for form in forms for each in regions):
        raise EmergencyNumberError(text)
    if any(_is_short(form, each) for form in forms for each in regions):
        raise ShortNumberError(text)


def _is_short(digits: str, region: str) -> bool:
    number = _read(digits, region)
    return bool(number and shortnumberinfo.is_valid_short_number(number))


def _is_emergency(digits: str, region: str) -> bool:
    """Prefixes count where a switch would connect them: 110110 rings the police in China."""
    return bool(shortnumberinfo.is_emergency_number(digits, region)) or (
        len(digits) <= 8 and bool(shortnumberinfo.connects_to_emergency_number(digits, region))
    )
