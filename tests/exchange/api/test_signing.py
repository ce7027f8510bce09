from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from exchange.webhooks.signing import signature


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=12), max_size=6), st.text(min_size=1))
def test_twilios_own_validator_accepts_it(form, token):
    url = "https://zaoan.example/telephony/inbound/voice?a=%E7%8E%8B"
    assert RequestValidator(token).validate(url, form, signature(token, url + "#rc=3", form))
    assert not RequestValidator(token).validate(url, {**form, "more": "x"}, signature(token, url, form))
