"""Who has sent a message is known by its address, as the engine's trace has it."""

import asyncio

import pytest

from trunk.sip.dialogs import Traced
from trunk.sip.messages import Message
from trunk.sip.origin import Origin


@pytest.mark.parametrize(
    ("proxy", "peer", "is_theirs"),
    [
        ("127.0.0.1:5060", "127.0.0.1:5060", True),
        ("127.0.0.1", "127.0.0.1:61234", True),
        ("localhost", "127.0.0.1:5060", True),
        ("127.0.0.1", "127.0.0.2:5060", False),
        ("127.0.0.1", "127.0.0.11:5060", False),
        ("[::1]:5060", "[::1]:5060", True),
        ("127.0.0.1", "", False),
        ("gateway.invalid", "127.0.0.1:5060", False),
    ],
)
def test_only_what_comes_from_the_gateway_is_the_gateways(proxy, peer, is_theirs):
    seen = Traced(False, "udp", peer, Message(None, "INVITE", "sip:1@2", ()))
    assert asyncio.run(Origin([proxy]).has_sent(seen)) is is_theirs


@pytest.mark.parametrize(
    ("peer", "is_taken"),
    [("192.0.2.7:5060", True), ("198.51.100.9:5060", True), ("127.0.0.1:5060", False), ("[2001:db8::7]:5060", True)],
)
def test_where_networks_are_named_a_call_comes_from_one_of_them_and_not_from_the_gateway(peer, is_taken):
    seen = Traced(False, "udp", peer, Message(None, "INVITE", "sip:1@2", ()))
    origin = Origin(["127.0.0.1"], ["192.0.2.0/24", "198.51.100.9", "2001:db8::/32"])
    assert asyncio.run(origin.has_sent(seen)) is is_taken


def test_any_of_several_gateways_may_ring_us():
    seen = Traced(False, "udp", "127.0.0.1:9", Message(None, "INVITE", "sip:1@2", ()))
    assert asyncio.run(Origin(["gateway.invalid", "192.0.2.1", "127.0.0.1:5060"]).has_sent(seen))
