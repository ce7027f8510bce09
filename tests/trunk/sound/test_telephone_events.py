"""RFC 4733 over a network that loses packets and lets them overtake each other: what was pressed, and nothing else."""

import struct
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trunk.sip.telephone_events import KEYS, EventPacket, TelephoneEvents

TICK, ENDS, FIRST = 160, 3, 65_530
"""20 ms in units of the timestamp; how often the end of a press is sent; a sequence number that soon begins anew."""


def packet(sequence, timestamp, key, duration, is_end=False, source=7, csrc=0, extension=b""):
    first = 0x80 | csrc | (0x10 if extension else 0)
    head = struct.pack("!BBHII", first, 101, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, source)
    return head + bytes(4 * csrc) + extension + struct.pack("!BBH", KEYS.index(key), 0x80 * is_end | 10, duration)


def press(sequence, timestamp, key, ticks=4, **more):
    """The packets of one press."""
    going = [packet(sequence + each, timestamp, key, TICK * (each + 1), **more) for each in range(ticks)]
    return going + [packet(sequence + ticks + each, timestamp, key, TICK * ticks, True, **more) for each in range(ENDS)]


def typed(keys, sequence=FIRST, timestamp=0xFFFFF000, ticks=4, pause=3, **more):
    """The presses one after another; between them is sound, which takes sequence numbers and time."""
    presses = []
    for key in keys:
        presses.append(press(sequence, timestamp, key, ticks, **more))
        sequence += ticks + ENDS + pause
        timestamp += TICK * (ticks + pause)
    return presses


def heard(packets):
    events = TelephoneEvents()
    keys = (events.heard(EventPacket.read(each)) for each in packets)
    return "".join(key for key in keys if key)


def flat(presses):
    return [each for some in presses for each in some]


def test_each_press_counts_once():
    assert heard(flat(typed("99"))) == "99"
    assert heard(flat(typed("1234567890*#ABCD"))) == "1234567890*#ABCD"


def test_it_counts_at_its_beginning():
    events = TelephoneEvents()
    assert events.heard(EventPacket.read(press(1, 1, "3")[0])) == "3"


def test_a_packet_that_comes_after_the_end_of_its_press_is_no_second_press():
    first, second = typed("99")
    late = [*first[:3], *first[4:], first[3]]
    assert heard([*late, *second]) == "99"
    assert heard([*first[:3], *first[4:], second[0], first[3], *second[1:]]) == "99"


@pytest.mark.parametrize("lost", [range(4), range(1, 7), range(4, 7), [0, 1, 2, 4, 5]])
def test_any_packet_of_a_press_is_enough(lost):
    first, second = typed("99")
    arrived = [each for index, each in enumerate(first) if index not in lost]
    assert heard([*arrived, *second]) == "99"


@given(st.text(KEYS, min_size=1, max_size=8), st.randoms(use_true_random=False), st.floats(0, 0.3), st.floats(0, 3))
def test_whatever_is_lost_and_overtakes_no_key_is_doubled_and_none_is_invented(keys, random, loss, late):
    presses = [[each for each in some if random.random() >= loss] or some[-1:] for some in typed(keys)]
    sent = {each: (EventPacket.read(each).sequence - FIRST) % 65_536 for each in flat(presses)}
    assert heard(sorted(sent, key=lambda each: sent[each] + random.uniform(0, late))) == keys


def test_two_presses_of_one_key_are_two_though_the_end_of_one_and_the_beginning_of_the_other_are_lost():
    first, second = typed("00")
    assert heard([first[0], second[2]]) == "00"


def test_the_other_order_of_whole_presses_is_never_told():
    """A press all of whose packets come after a later press's is too late to be typed before it."""
    first, second = typed("12")
    assert heard([*second, *first]) == "2"


def test_a_key_that_is_held_for_longer_than_its_timestamp_can_say_is_one_press():
    held = [packet(each, 5, "7", min(0xFFFF, TICK * each)) for each in range(1, 415)]
    on = [packet(415 + each, 5 + 0xFFFF, "7", TICK * each, is_end=each > 5) for each in range(1, 9)]
    assert heard([*held, *on]) == "7"


def test_a_sender_that_counts_on_during_a_press_presses_once():
    going = [packet(each, TICK * each, "5", TICK * each) for each in range(1, 6)]
    ends = [packet(6 + each, TICK * 5, "5", TICK * 5, True) for each in range(ENDS)]
    again = press(20, 9000, "5")
    assert heard([*going, *ends, *again]) == "55"


@pytest.mark.parametrize("keys", ["1220", "99", "3"])
def test_a_sender_that_puts_one_timestamp_on_every_press_is_understood(keys):
    presses = [press(20 * number, 0, key) for number, key in enumerate(keys)]
    assert heard(flat(presses)) == keys
    assert heard([each for some in presses for each in (some[0], some[-1])]) == keys


def test_another_source_begins_anew():
    before, after = press(40_000, 900_000, "1"), press(39_990, 5, "1", source=8)
    assert heard([*before, *after]) == "11"
    assert heard([*before, *press(5, 7, "2")]) == "12"


def test_headers_of_any_length_are_read_and_what_is_no_key_is_none():
    extended = packet(1, 1, "6", 160, csrc=2, extension=b"\xbe\xde\0\1abcd")
    assert EventPacket.read(extended) == EventPacket(7, 1, 1, "6", False, 160)
    flash = bytearray(packet(1, 1, "6", 160))
    flash[12] = 16
    assert EventPacket.read(bytes(flash)) is None
    for size in range(len(extended)):
        assert EventPacket.read(extended[:size]) is None


def test_noise_is_no_key():
    random = Random(7)
    for size in range(40):
        EventPacket.read(random.randbytes(size))
