"""Our own SIP telephones: what they say on the line, over a network that loses things."""

import asyncio

import pytest

from phones import sdp
from phones.messages import Message, address_of, answer, parsed, request, user_of
from phones.own_telephone import OwnTelephone
from phones.rtp import HEADER, Sound
from phones.sound import FRAME_BYTES, PCMA, PCMU, greeting_frames, level
from phones.telephone import By
from tests.running.turned_loop import turned

HERE, TRUNK = ("127.0.0.1", 5070), ("127.0.0.1", 5060)


def invitation(method="INVITE", number=1, body=None):
    fields = [("via", "SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKone;rport"), ("from", "<sip:+862@127.0.0.1>;tag=t"),
              ("to", "<sip:+861@127.0.0.1:5070>"), ("call-id", "one"), ("cseq", f"{number} {method}"),
              ("contact", "<sip:+862@127.0.0.1:5060>")]  # fmt: skip
    return request(method, "sip:+861@127.0.0.1:5070", fields, sdp.written("127.0.0.1", 4000) if body is None else body)


def lived(story, call="one"):
    """What a telephone has sent in a story: (seconds, message, where to)."""
    sent = []

    async def begun():
        loop = asyncio.get_running_loop()
        telephone = OwnTelephone(call, "+861", HERE, TRUNK, lambda message, to: sent.append((loop.time(), message, to)))
        await story(telephone, sent)
        return telephone

    return turned(begun()), sent


def statuses(sent):
    return [message.status for _, message, _ in sent]


def test_an_answer_is_repeated_until_it_is_acknowledged_and_a_bye_ends_the_call():
    async def story(telephone, _):
        telephone.takes(invitation())
        telephone.ring()
        telephone.answer()
        await asyncio.sleep(2)
        assert not telephone.answered.done()
        telephone.takes(invitation("ACK", body=b""))
        assert telephone.answered.done()
        await asyncio.sleep(20)
        telephone.takes(invitation("BYE", 2, b""))

    telephone, sent = lived(story)
    assert statuses(sent) == [100, 180, 200, 200, 200, 200]
    assert [at for at, message, _ in sent if message.status == 200] == [0, 0.5, 1.5, 22]
    assert sdp.read(sent[2][1].body).codec == PCMA
    assert telephone.closed.result() is By.SERVICE


def test_an_answer_that_nobody_ever_acknowledges_is_the_networks_end():
    async def story(telephone, _):
        telephone.takes(invitation())
        telephone.answer()
        await asyncio.sleep(60)

    telephone, _ = lived(story)
    assert (telephone.closed.result(), telephone.status) == (By.NETWORK, 408)


def test_the_same_invitation_again_gets_the_same_answer_and_another_one_within_the_call_a_session():
    async def story(telephone, _):
        telephone.takes(invitation())
        telephone.ring()
        telephone.takes(invitation())
        telephone.answer()
        await asyncio.sleep(0)
        telephone.takes(invitation("ACK", body=b""))
        telephone.takes(invitation(number=2))

    _, sent = lived(story)
    assert statuses(sent) == [100, 180, 180, 200, 200]
    assert sent[-1][1].body == sent[-2][1].body


def test_a_call_that_is_cancelled_while_it_rings():
    async def story(telephone, _):
        telephone.takes(invitation())
        telephone.ring()
        telephone.takes(invitation("CANCEL", body=b""))
        await asyncio.sleep(0)
        telephone.takes(invitation("ACK", body=b""))
        await asyncio.sleep(60)

    telephone, sent = lived(story)
    assert statuses(sent) == [100, 180, 200, 487]
    assert (telephone.closed.result(), telephone.status) == (By.SERVICE, 487)


def test_a_bye_of_ours_is_repeated_until_it_is_answered_and_goes_to_their_contact():
    async def story(telephone, sent):
        telephone.takes(invitation())
        telephone.answer()
        await asyncio.sleep(0)
        telephone.takes(invitation("ACK", body=b""))
        telephone.hang_up()
        await asyncio.sleep(1)
        telephone.takes(answer(sent[-1][1], 200))
        await asyncio.sleep(60)

    telephone, sent = lived(story)
    byes = [(message, to) for _, message, to in sent if message.start.startswith("BYE")]
    assert len(byes) == 2
    assert byes[0][1] == TRUNK
    assert ";tag=" in byes[0][0].header("from")
    assert telephone.closed.result() is By.PERSON


@pytest.mark.parametrize(("status", "is_answered"), [(200, True), (486, False)])
def test_a_call_of_ours_is_acknowledged_however_it_is_answered(status, is_answered):
    async def story(telephone, sent):
        telephone.calls("+861", "+862")
        await asyncio.sleep(0)
        more = [("contact", "<sip:us@127.0.0.1:5060>")]
        telephone.takes(answer(sent[-1][1], status, "them", more, sdp.written("127.0.0.1", 4002)))
        await asyncio.sleep(60)

    telephone, sent = lived(story, "mine")
    invited, acknowledged = (message for _, message, _ in sent)
    assert acknowledged.start.startswith("ACK")
    assert (acknowledged.branch == invited.branch) != is_answered
    assert telephone.answered.done() == is_answered
    assert telephone.status == (None if is_answered else status)


def test_messages_are_read_as_they_are_written():
    message = invitation()
    assert parsed(message.written()) == Message(
        message.start, (*message.fields, ("content-length", str(len(message.body)))), message.body
    )
    assert parsed(b"\r\n\r\n") is None
    assert (user_of(message.target), address_of("sip:a@127.0.0.1:5061;transport=udp")) == ("+861", ("127.0.0.1", 5061))
    passed = message.with_top(("via", "SIP/2.0/UDP proxy;branch=z9hG4bKtwo"))
    assert passed.branch == "z9hG4bKtwo"
    assert passed.without_top_via() == message


def test_keys_are_events_that_begin_with_a_marker_and_end_three_times():
    sent = []

    class Line:
        def sendto(self, packet, _):
            sent.append(packet)

    sound = Sound(lambda payload, codec: None)
    sound.connection_made(Line())
    sound.goes_to(TRUNK, PCMU, 96)
    sound.press("1")
    sound.press("#")
    for _ in range(30):
        sound.send()
    heads = [HEADER.unpack(each[: HEADER.size]) for each in sent]
    events = [(head, each[HEADER.size :]) for head, each in zip(heads, sent, strict=True) if head[1] & 0x7F == 96]
    assert [head[2] for head in heads] == list(range(heads[0][2], heads[0][2] + 30))
    for key in (1, 11):
        pressed = [(head, body) for head, body in events if body[0] == key]
        assert len({head[3] for head, _ in pressed}) == 1
        assert [bool(head[1] & 0x80) for head, _ in pressed] == [True, *[False] * (len(pressed) - 1)]
        assert [bool(body[1] & 0x80) for _, body in pressed][-3:] == [True] * 3
    silence = [each[HEADER.size :] for head, each in zip(heads, sent, strict=True) if head[1] & 0x7F == PCMU]
    assert all(level(each, PCMU) < 0.001 for each in silence)


@pytest.mark.parametrize("codec", [PCMU, PCMA])
def test_a_machine_is_loud_enough_to_be_heard(codec):
    frames = greeting_frames(2.0, codec)
    assert {len(each) for each in frames} == {FRAME_BYTES}
    assert max(level(each, codec) for each in frames) > 0.05


@pytest.mark.parametrize(("types", "codec"), [("0 8 101", PCMU), ("8 0 101", PCMA), ("18 8", PCMA), ("18 3", None)])
def test_the_codec_that_the_other_side_likes_best(types, codec):
    body = f"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP {types}\r\na=rtpmap:97 telephone-event/8000\r\n"
    offer = sdp.read(body.encode())
    assert (offer and offer.codec) == codec
    assert offer is None or offer.events == 97
