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
    assert asyncio.run(Origin(proxy).has_sent(seen)) is is_theirs
