"""What a call can be ended by is kept with each message that changes it, under the call that it belongs to."""

from tests.trunk.sip.test_signalling import ANSWER, INVITE, passing
from trunk.sip.dialog_book import MOST_REMEMBERED, DialogBook

OURS = INVITE + "Session-ID: our-call\n"


def kept_of(*messages, session="our-call"):
    book, kept = DialogBook(), []
    book.expect(session, kept.append)
    for each in messages:
        book.seen(passing(each))
    return kept


def test_each_change_is_kept_once():
    ringing, answer = ANSWER.format(status="180 Ringing"), ANSWER.format(status="200 OK")
    kept = kept_of(OURS, OURS, ringing, ringing, answer, answer)
    assert [(each.remote.endswith("tag=theirs"), each.is_answered) for each in kept] == [
        (False, False), (True, False), (True, True)]  # fmt: skip
    assert {each.branch for each in kept} == {"z9hG4bKours"}


def test_another_calls_invite_is_not_taken_for_ours():
    assert kept_of(OURS, session="another") == []
    received = OURS.replace("TX UDP 192.0.2.1:5060 -> 192.0.2.9:5060", "RX UDP 192.0.2.9:5060 -> 192.0.2.1:5060")
    assert kept_of(received) == []


def test_an_invite_with_a_password_belongs_to_the_same_call():
    again = OURS.replace("CSeq: 7", "CSeq: 8").replace("z9hG4bKours", "z9hG4bKagain")
    kept = kept_of(OURS, ANSWER.format(status="401 Unauthorized"), again)
    assert [each.branch for each in kept] == ["z9hG4bKours", "z9hG4bKagain"]


def test_a_call_that_has_come_in_is_known_as_it_stands():
    book, kept = DialogBook(), []
    book.seen(
        passing(INVITE.replace("TX UDP 192.0.2.1:5060 -> 192.0.2.9:5060", "RX UDP 192.0.2.9:1 -> 192.0.2.1:5060"))
    )
    book.follow("one@us", kept.append)
    assert [each.peer for each in kept] == ["192.0.2.9:1"]
    book.forget("one@us")
    book.follow("one@us", kept.append)
    assert len(kept) == 1


def test_what_strangers_send_displaces_no_call_of_ours():
    book, kept = DialogBook(), []
    book.expect("our-call", kept.append)
    book.seen(passing(OURS))
    for number in range(MOST_REMEMBERED + 5):
        stranger = INVITE.replace("TX UDP 192.0.2.1:5060 ->", "RX UDP 192.0.2.1:5060 ->")
        book.seen(passing(stranger.replace("one@us", f"{number}@them")))
    book.seen(passing(ANSWER.format(status="200 OK")))
    assert kept[-1].is_answered
