import pytest

from tests.ivr.ports.memory_bench import MemoryBench
from tests.ivr.ports.sip_bench import SipBench
from tests.ivr.ports.twilio_bench import TwilioBench

ADAPTERS = {"twilio": TwilioBench, "in memory": MemoryBench, "sip": SipBench}
"""Every adapter there is; a new one is held to the same promises by a bench of its own."""


@pytest.fixture(params=ADAPTERS)
def bench(request):
    opened = ADAPTERS[request.param]()
    yield opened
    opened.close()


@pytest.fixture(params=[name for name, each in ADAPTERS.items() if each.carries_texts])
def texting(request):
    """A bench of each adapter whose provider carries texts."""
    opened = ADAPTERS[request.param]()
    yield opened
    opened.close()


@pytest.fixture
def telephony(bench):
    return bench.telephony
