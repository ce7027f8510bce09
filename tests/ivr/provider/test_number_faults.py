"""Why a number is refused is told in one word, whoever has refused it."""

import pytest

from core.i18n import translate
from ivr.ports.number_faults import NumberFault
from ivr.provider.number_faults import fault_of
from ivr.provider.twilio.errors import NUMBER_FAULTS


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (21211, NumberFault.INVALID), (13227, NumberFault.COUNTRY), (21216, NumberFault.BLOCKED),
        (21214, NumberFault.UNREACHABLE), (1, NumberFault.NOT_IN_SERVICE), (404, NumberFault.NOT_IN_SERVICE),
        (486, NumberFault.OTHER), (99999, NumberFault.OTHER),
    ],
)  # fmt: skip
def test_a_code_of_a_provider_or_of_the_network_is_told_in_our_word(code, fault):
    assert fault_of(code) is fault


def test_the_office_reads_something_of_each_number_that_a_provider_refuses():
    assert {fault_of(code) for code in NUMBER_FAULTS} == set(NumberFault) - {
        NumberFault.NOT_IN_SERVICE, NumberFault.OTHER,
    }  # fmt: skip
    for language in ("en", "zh-CN"):
        assert not [each for each in NumberFault if translate(language, f"number:{each}") == f"number:{each}"]
