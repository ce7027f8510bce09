"""What the settings say is what the trunk's own command line understands: nothing is lost between the two."""

import os

import pytest

from core.settings import Settings
from trunk.__main__ import configuration
from trunk.sip.peering import Peer, Srtp
from zaoan.process.trunk_process import trunk_command, trunk_secrets

OURS, SECOND, THEIRS = "+8631186009001", "+8631186009002", "+8631186009777"


@pytest.fixture
def understood(monkeypatch, tmp_path):
    """What the trunk makes of settings, passwords included."""

    def of(**given):
        settings = Settings(
            telephony="sip", data_dir=tmp_path, public_url="https://zaoan.example", **{"sip_caller": OURS, **given}
        )
        for name, value in trunk_secrets(settings).items():
            monkeypatch.setenv(name, value)
        command = trunk_command(settings, 8011, "http://127.0.0.1:8000", os.getpid())
        shown = " ".join(command)
        assert not [each for each in ("first secret", "second secret") if each in shown]
        return configuration(command[command.index("trunk") + 1 :])

    return of


def test_a_gateway_beside_us(understood):
    chosen = understood(
        sip_proxy="192.0.2.9:5070",
        sip_caller=f"{OURS}, {SECOND}",
        sip_listen="192.0.2.1:5062",
        sip_rtp_ports="12000-12399",
        sip_codecs="PCMU",
        sip_trusted="192.0.2.0/24, 198.51.100.7",
        line_calls_at_once=5,
        line_calls_per_second=0.5,
    )
    peering = chosen.peering
    [peer] = peering.peers
    assert (peer.proxy, tuple(peer.callers), peer.transport, peer.srtp) == (
        "192.0.2.9:5070",
        (OURS, SECOND),
        "udp",
        "off",
    )
    assert (peer.user, peer.register_seconds, peer.calls_at_once, peer.calls_per_second) == ("", 0, 10, 1.0)
    assert (peering.listen, peering.rtp_ports, tuple(peering.codecs)) == ("192.0.2.1:5062", (12000, 12399), ("pcmu",))
    assert tuple(peering.trusted) == ("192.0.2.0/24", "198.51.100.7/32")
    assert (chosen.public_url, chosen.local_url) == ("https://zaoan.example", "http://127.0.0.1:8000")
    assert chosen.parent_pid == os.getpid()


def test_a_company_that_registers_us_by_tls_and_another_behind_it(understood):
    chosen = understood(
        sip_proxy="sip.example",
        sip_user="us",
        sip_password="first secret",
        sip_transport="tls",
        sip_srtp="required",
        sip_register_seconds=300,
        sip_trunk=[{"proxy": "192.0.2.9", "caller": THEIRS, "user": "them", "password": "second secret",
                    "transport": "tcp", "srtp": "off", "dialled": "national", "calls_at_once": 2,
                    "calls_per_second": 0.25}],
    )  # fmt: skip
    first, second = chosen.peering.peers
    assert (first.user, first.password, first.transport, first.srtp) == ("us", "first secret", "tls", Srtp.REQUIRED)
    assert first.register_seconds == 300
    assert second == Peer("192.0.2.9", [THEIRS], user="them", password="second secret", transport="tcp",
                          srtp=Srtp.OFF, register_seconds=second.register_seconds, dials_e164=False, calls_at_once=2,
                          calls_per_second=0.25)  # fmt: skip


def test_the_codecs_stand_in_the_order_that_is_wished(understood):
    assert tuple(understood(sip_proxy="192.0.2.9").peering.codecs) == ("pcma", "pcmu")
    assert tuple(understood(sip_proxy="192.0.2.9", sip_codecs="PCMU,PCMA").peering.codecs) == ("pcmu", "pcma")
