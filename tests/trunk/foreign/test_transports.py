"""Signalling by TCP and by TLS, and encrypted sound, against telephones of another stack."""

import pytest

from tests.trunk.foreign.certificates import made
from tests.trunk.phones import Phones
from tests.trunk.ports import free_address
from tests.trunk.processes.test_deaths import picked_up_after_a_death
from tests.trunk.running import OURS, Trunk, number
from tests.trunk.test_calls import ask
from tests.trunk.test_talking import conversation


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return made(tmp_path_factory.mktemp("certificates"), "gateway", "IP:127.0.0.1")


@pytest.fixture(scope="module", params=["tcp", "tls"])
def line(request, service, certificate, tmp_path_factory):
    """A gateway that speaks TCP, or TLS with encrypted sound alone, and a trunk to it."""
    ours, manners, environment = ["--transport", request.param], {"transport": request.param}, {}
    if request.param == "tls":
        ours += ["--srtp", "required"]
        manners |= {"certificate": str(certificate[0]), "key": str(certificate[1]), "srtp": "mandatory"}
        environment["SSL_CERT_FILE"] = str(certificate[0])
    phones = Phones(free_address(), tmp_path_factory.mktemp("phones"), **manners)
    trunk = Trunk(service, tmp_path_factory.mktemp("trunk"), phones, *ours, environment=environment)
    yield phones, trunk
    trunk.close()
    phones.close()


@pytest.mark.parametrize("way", ["rfc", "info"])
def test_a_conversation(service, line, way):
    phones, trunk = line
    call, to, path = conversation(service, phones, trunk, seconds=60)
    phones.press(to, "9", way)
    assert service.wait(f"{path}/1")["keys"] == "9"
    assert trunk.outcome(call) == "completed"
    phones.wait("ended", number=to)


def test_ends_without_an_answer(line):
    phones, trunk = line
    for code, outcome in ((486, "busy"), (603, "declined"), (404, "not in service")):
        to = number()
        phones.script(to, code=code)
        assert trunk.outcome(trunk.call(to)) == outcome
    to = number()
    assert trunk.outcome(trunk.call(to, ring_seconds=1)) == "no answer"
    assert phones.wait("ended", number=to)["code"] == 487


def test_the_far_side_hangs_up(service, line):
    phones, trunk = line
    call, to, _ = conversation(service, phones, trunk, seconds=60)
    phones.order("hang up", number=to)
    assert trunk.outcome(call) == "completed"


def test_the_next_trunk_ends_what_this_one_has_left(service, line):
    phones, trunk = line
    call, talks, path = conversation(service, phones, trunk, seconds=300)
    rings = number()
    other = trunk.call(rings)
    phones.wait("rung", number=rings)
    trunk.kill()
    assert phones.seen("ended", number=talks) == []
    trunk.start()
    phones.wait("ended", number=talks)
    assert phones.wait("ended", number=rings)["code"] == 487
    assert (trunk.look_up(call)["outcome"], trunk.look_up(other)["outcome"]) == ("completed", "unknown")
    assert service.told(f"{path}/1") == []


def test_whoever_picks_up_after_the_trunk_has_died_is_not_left_off_the_hook(line):
    picked_up_after_a_death(*line)


def test_a_gateway_whose_certificate_nobody_vouches_for_is_not_talked_to(service, certificate, tmp_path):
    phones = Phones(free_address(), tmp_path / "phones", transport="tls", certificate=str(certificate[0]),
                    key=str(certificate[1]))  # fmt: skip
    trunk = Trunk(service, tmp_path / "trunk", phones, "--transport", "tls")
    to = number()
    assert trunk.outcome(trunk.call(to)) == "network"
    assert phones.seen("rung", number=to) == []
    trunk.close()
    phones.close()


def test_encrypted_sound_is_offered_beside_plain_sound_and_a_telephone_takes_either(service, tmp_path):
    for manners in ({"srtp": "optional"}, {}):
        phones = Phones(free_address(), tmp_path / f"phones{len(manners)}", **manners)
        trunk = Trunk(service, tmp_path / f"trunk{len(manners)}", phones, "--srtp", "offered")
        _, to, path = conversation(service, phones, trunk, seconds=60)
        phones.press(to, "1")
        assert service.wait(f"{path}/1")["keys"] == "1"
        assert "a=crypto:" in phones.seen("rung", number=to)[0]["message"]
        assert ("a=crypto:" in phones.seen("sdp", number=to)[0]["sdp"]) == bool(manners)
        trunk.close()
        phones.close()


def test_somebody_rings_us_by_tcp(service, tmp_path):
    phones = Phones(free_address(), tmp_path / "phones", transport="tcp")
    trunk = Trunk(service, tmp_path / "trunk", phones, "--transport", "tcp")
    caller = number()
    service.says("/inbound/voice", ask(service, f"/in/{caller[1:]}", service.sound("/long.wav", 30, 400)))
    phones.order("ring", number=caller, uri=f"sip:{OURS}@{trunk.address};transport=tcp")
    phones.wait("hears", number=caller)
    phones.press(caller, "1")
    assert service.wait(f"/in/{caller[1:]}")["keys"] == "1"
    trunk.close()
    phones.close()


@pytest.mark.parametrize("ours", ["offered", "required"])
def test_somebody_rings_us_whose_sound_is_encrypted(service, tmp_path, ours):
    phones = Phones(free_address(), tmp_path / "phones", srtp="mandatory")
    trunk = Trunk(service, tmp_path / "trunk", phones, "--srtp", ours)
    caller = number()
    service.says("/inbound/voice", ask(service, f"/in/{caller[1:]}", service.sound("/long.wav", 30, 400)))
    phones.order("ring", number=caller, uri=f"sip:{OURS}@{trunk.address}")
    phones.wait("hears", number=caller)
    phones.press(caller, "1")
    assert service.wait(f"/in/{caller[1:]}")["keys"] == "1"
    trunk.close()
    phones.close()


def test_where_encryption_is_required_nothing_else_is_offered(service, tmp_path):
    """The profile that telephone companies know (RFC 3711), and a telephone without it is not talked to."""
    phones = Phones(free_address(), tmp_path / "phones")
    trunk = Trunk(service, tmp_path / "trunk", phones, "--srtp", "required")
    to = number()
    phones.script(to, code=200)
    assert trunk.outcome(trunk.call(to)) in {"network", "not in service"}
    offer = phones.seen("rung", number=to)
    assert not offer or " RTP/SAVP " in offer[0]["message"]
    assert phones.seen("answered", number=to) == []
    trunk.close()
    phones.close()
