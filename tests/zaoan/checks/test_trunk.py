"""What the doctor says of the line: the gateway's codecs, and who can listen on the way."""

import pytest

from core.i18n import Language
from core.settings import Settings
from zaoan.checks.observation import State
from zaoan.checks.telephony import trunk

PEER = {"proxy": "192.0.2.1", "registered": True, "gateway": "answers", "calls": 0}


def found(monkeypatch, *peers, proxy="192.0.2.1", **more):
    monkeypatch.setattr(trunk, "ask", lambda *_: {"calls": 0, "peers": peers})
    chosen = Settings(telephony="sip", sip_proxy=proxy, sip_caller="+8631186009001", **more)
    return [(each.state, each.describe(Language.ENGLISH)) for each in trunk.examine_trunk(chosen)]


def said_of_secrecy(monkeypatch, **more):
    return [text for state, text in found(monkeypatch, **more) if state is State.WARNING]


@pytest.mark.parametrize(
    ("peer", "state", "words"),
    [
        ({**PEER}, State.OK, "The gateway at 192.0.2.1 answers."),
        ({**PEER, "gateway": "silent"}, State.WRONG, "no longer answers"),
        ({**PEER, "gateway": "unknown"}, State.WARNING, "has not answered yet"),
        ({**PEER, "gateway": "a later word"}, State.WARNING, "has not answered yet"),
        ({**PEER, "registered": False}, State.WRONG, "192.0.2.1 has not registered us"),
    ],
)
def test_how_a_gateway_stands(monkeypatch, peer, state, words):
    [told] = [each for each in found(monkeypatch, peer) if words in each[1]]
    assert told[0] is state


def test_a_trunk_that_does_not_answer_is_named_with_the_way_to_start_it(monkeypatch):
    monkeypatch.setattr(trunk, "ask", lambda *_: None)
    chosen = Settings(telephony="sip", sip_proxy="192.0.2.1", sip_caller="+8631186009001")
    [told] = trunk.examine_trunk(chosen)
    assert (told.state, "does not answer" in told.describe(Language.ENGLISH)) == (State.WRONG, True)


@pytest.mark.parametrize(
    ("codecs", "state", "words"),
    [
        (["PCMA", "G729"], State.OK, "knows PCMA, G729; we offer PCMA, PCMU"),
        (["G729", "OPUS"], State.WRONG, "none of what we offer (PCMA, PCMU)"),
    ],
)
def test_the_codecs_that_a_gateway_names(monkeypatch, codecs, state, words):
    [told] = [each for each in found(monkeypatch, {**PEER, "codecs": codecs}) if "offer" in each[1]]
    assert told[0] is state
    assert words in told[1]


@pytest.mark.parametrize("peer", [PEER, {**PEER, "codecs": []}])
def test_of_a_gateway_that_names_none_nothing_is_said(monkeypatch, peer):
    assert not [text for _, text in found(monkeypatch, peer) if "offer" in text]


def test_encrypted_signalling_is_not_taken_for_encrypted_sound(monkeypatch):
    [plain] = said_of_secrecy(monkeypatch, sip_transport="udp", sip_srtp="required")
    assert "said and pressed goes to the gateway unencrypted" in plain
    [without] = said_of_secrecy(monkeypatch, sip_transport="tls")
    assert "192.0.2.1; what is said and pressed is not (no SRTP)" in without
    [offered] = said_of_secrecy(monkeypatch, sip_transport="tls", sip_srtp="offered")
    assert "192.0.2.1 may choose plain sound" in offered
    assert said_of_secrecy(monkeypatch, sip_transport="tls", sip_srtp="required") == []


def test_each_trunk_answers_for_itself(monkeypatch):
    other = [{"proxy": "sip.example.cn", "srtp": "off"}, {"proxy": "127.0.0.1", "srtp": "off"}]
    [told] = said_of_secrecy(monkeypatch, sip_transport="tls", sip_srtp="required", sip_trunk=other)
    assert "sip.example.cn" in told
