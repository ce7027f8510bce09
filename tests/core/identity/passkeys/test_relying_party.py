"""As whom we ask for passkeys, by the public address of the service."""

import pytest

from core.identity.passkeys.relying_party import RelyingParty, of_public_url


@pytest.mark.parametrize(
    ("url", "party"),
    [
        ("https://zaoan.example.org", RelyingParty("zaoan.example.org", "https://zaoan.example.org")),
        ("https://Zaoan.Example.org:443/", RelyingParty("zaoan.example.org", "https://zaoan.example.org")),
        ("https://zaoan.example.org:8443/one", RelyingParty("zaoan.example.org", "https://zaoan.example.org:8443")),
        ("https://münchen.example", RelyingParty("xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example")),
        ("http://localhost:8000", RelyingParty("localhost", "http://localhost:8000")),
        ("http://127.0.0.1:8000", RelyingParty("localhost", "http://localhost:8000")),
        ("http://[::1]:80", RelyingParty("localhost", "http://localhost")),
    ],
)
def test_a_name_over_tls_or_this_machine_itself_has_passkeys(url, party):
    assert of_public_url(url) == party


@pytest.mark.parametrize(
    "url",
    ["http://192.168.1.20:8000", "https://192.168.1.20", "https://[2001:db8::1]", "http://zaoan.example.org",
     "http://zaoan.local:8000", "https://" + "a" * 64 + ".example", "https://", "ftp://localhost", "localhost:8000"],
)  # fmt: skip
def test_any_other_address_has_none(url):
    assert of_public_url(url) is None
