"""How a gateway is told a number."""

import pytest

from core.sip_settings import SipDialled
from ivr.provider.sip.dialled_numbers import dialling


@pytest.mark.parametrize(
    ("number", "dialled"),
    [
        ("+8613800138000", "13800138000"),
        ("+8631186001234", "86001234"),
        ("+861085001234", "01085001234"),
        ("+85251234567", "0085251234567"),
        ("+12025550123", "0012025550123"),
    ],
)
def test_as_on_a_telephone_of_the_community(number, dialled):
    assert dialling(SipDialled.NATIONAL, "CN", "0311")(number) == dialled
    assert dialling(SipDialled.E164, "CN", "0311")(number) == number


def test_without_an_area_code_a_landline_is_dialled_whole():
    assert dialling(SipDialled.NATIONAL, "CN", "")("+8631186001234") == "031186001234"
