"""How a gateway wants a number to be dialled."""

from collections.abc import Callable

import phonenumbers

from core.sip_settings import SipDialled


def dialling(wanted: SipDialled, region: str, area_code: str) -> Callable[[str], str]:
    """From E.164 to what is dialled, for a line in the area of ``area_code`` (``0311``) in ``region`` (``CN``)."""
    if wanted is SipDialled.E164:
        return lambda number: number
    return lambda number: national(number, region, area_code)


def national(number: str, region: str, area_code: str) -> str:
    """As on a telephone of that area: a landline there without the area code, another one with it, abroad with 00.

    A mobile of the country is dialled as it is written; networks and gateways add a 0 where they need one.
    """
    parsed = phonenumbers.parse(number)
    if phonenumbers.region_code_for_number(parsed) != region:
        return phonenumbers.normalize_digits_only(phonenumbers.format_out_of_country_calling_number(parsed, region))
    digits = phonenumbers.normalize_digits_only(
        phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    )
    return digits.removeprefix(area_code) if area_code and digits.startswith(area_code) else digits
