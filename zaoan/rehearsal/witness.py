"""The witness: what somebody who watched a household's telephones would write down, from nothing but the wire.

Where no fault changed a conversation, the table of behaviours says what has to come of it. Where one did (a key that
never reached the service, an answering machine that nobody told it of), this does.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from zaoan.rehearsal.wire import MACHINE, KeyReport, WireCall

SAID = {"3": "unwell", "0": "wants_person", "2": "needs_supplies", "1": "ok"}
"""What each key says, the most worrying first."""
REACHED = ("no_key", "hung_up", "voicemail", "busy", "no_answer", "unreachable")
"""How far a call can get when nothing is said, the furthest first."""
UNANSWERED = {"busy": "busy", "no-answer": "no_answer", "canceled": "no_answer", "failed": "unreachable"}
STOP_KEY, STOPPED = "9", "wants_person"
"""Twice: no more calls, and a person who talks about that."""
NEED_KEY, NEED_PLAYS = "2", 2
SERVICE = "service"
PLAYS = 3


@dataclass(frozen=True)
class Said:
    """A key that means something, and when the service had heard and answered it."""

    outcome: str
    at: datetime


@dataclass
class Testimony:
    """One resident's morning. ``contacts`` is, for each call without an answer of theirs, how far it may have got."""

    said: list[Said] = field(default_factory=list)
    contacts: list[frozenset[str]] = field(default_factory=list)
    attempts_before_saying: int = 0
    silent_at: datetime | None = None

    @property
    def settled_at(self) -> datetime | None:
        """From when on nobody has to be rung for them any more: an answer, or silence at an open line."""
        instants = [*(each.at for each in self.said), *([self.silent_at] if self.silent_at else [])]
        return min(instants, default=None)

    def acceptable(self, attempts: int) -> frozenset[str]:
        """The outcomes that are right. Whoever says that all is well only when a helper is on the way keeps them."""
        worst = [outcome for outcome in SAID.values() if any(said.outcome == outcome for said in self.said)]
        if not worst:
            return _furthest(self.contacts)
        came_late = self.attempts_before_saying >= attempts or self.silent_at is not None
        return frozenset(worst[:1]) | (_furthest(self.contacts) if worst[0] == "ok" and came_late else frozenset())


def testimonies(calls: Iterable[WireCall], people: int) -> list[Testimony]:
    """What became of each of the people at these telephones, in the order in which they are asked."""
    return _watched(calls, people, is_learnt_late=False)


def if_learnt_late(calls: Iterable[WireCall], people: int) -> list[Testimony]:
    """The same where the service has learnt afterwards which keys it was told of when it did not answer."""
    return _watched(calls, people, is_learnt_late=True)


def _watched(calls: Iterable[WireCall], people: int, *, is_learnt_late: bool) -> list[Testimony]:
    all_of_them = [Testimony() for _ in range(people)]
    for call in sorted(calls, key=lambda each: each.requested_at):
        _watch(call, all_of_them, is_learnt_late=is_learnt_late)
    return all_of_them


def _watch(call: WireCall, people: Sequence[Testimony], *, is_learnt_late: bool) -> None:
    asked, keys = _asked(call, people, is_learnt_late=is_learnt_late)
    heard = {id(person) for person in _listen(asked, keys)}
    for person in people:
        if id(person) not in heard and person.settled_at is None:
            person.contacts += [] if call.inbound and call.answered_at is None else [_contact(call)]
        if not call.inbound and not person.said:
            person.attempts_before_saying += 1


def _asked(
    call: WireCall, people: Sequence[Testimony], *, is_learnt_late: bool
) -> tuple[list[Testimony], Sequence[KeyReport]]:
    """Whom a call asks, and the keys that answer. Of two who may be ringing us, the first key says who speaks.

    What the service has not acknowledged it may or may not have heard: nobody is settled by it. Neither by what was
    lost on its way, which it knows if it has asked the provider.
    """
    keys = call.pressed if is_learnt_late else [report for report in call.key_reports if report.acknowledged]
    if not call.inbound:
        return [person for person in people if person.settled_at is None], keys
    if len(people) == 1:
        return list(people), keys
    for index, report in enumerate(keys):
        if report.key in {"1", "2"}:
            return [people[int(report.key) - 1]], keys[index + 1 :]
    return [], ()


def _listen(asked: Iterable[Testimony], keys: Sequence[KeyReport]) -> list[Testimony]:
    """Each is asked up to three times; returns those from whom there was an answer or a whole silence.

    Whatever means something after the last of them has answered is that one's second thought.
    """
    left, heard = iter(keys), list[Testimony]()
    for person in asked:
        if _hear_out(person, left):
            heard.append(person)
    for report in left:
        if heard and (outcome := SAID.get(report.key)):
            heard[-1].said.append(Said(outcome, report.answered_at))
    return heard


def _hear_out(person: Testimony, left: Iterator[KeyReport]) -> bool:
    """Whether one person answers, or is silent to the end; a 9 that no second one follows has them asked anew."""
    play = 0
    for report in left:
        asked_to_stop = report.key == STOP_KEY
        answer = next(left, None) if asked_to_stop else report
        if answer is None:
            return False
        outcome = STOPPED if asked_to_stop and answer.key == STOP_KEY else SAID.get(answer.key)
        if outcome is not None:
            person.said.append(Said(outcome, answer.answered_at))
            _pass_over_needs(left if answer.key == NEED_KEY else iter(()))
            return True
        play = 0 if asked_to_stop else play + 1
        if play == PLAYS:
            person.silent_at = person.silent_at or answer.answered_at
            person.contacts.append(frozenset({"no_key"}))
            return True
    return False


def _pass_over_needs(left: Iterator[KeyReport]) -> None:
    """What is needed is asked up to twice; whatever is said to that, something is."""
    for play, report in enumerate(left, 1):
        if play == NEED_PLAYS or report.key in SAID:
            return


def _contact(call: WireCall) -> frozenset[str]:
    """How far a call got in which somebody said nothing and was not asked to the end.

    Where something was lost on its way the provider goes on at our fallback address, which asks once more. The service
    may have kept a silence of which only its own reply was lost, and so have heard as many as it takes to hang up.
    A call to us whose first request nobody has answered is unknown here, unless only the answer was lost.
    """
    if call.inbound and call.told_at is None:
        return frozenset({"hung_up", REACHED[-1]})
    if call.answered_at is None:
        unknown = {REACHED[-1]} if call.provider_died else frozenset()
        return frozenset({UNANSWERED.get(call.status or "", "no_answer")}) | unknown
    if call.answered_by == MACHINE:
        return frozenset({"voicemail", "hung_up"} if call.is_changed_by_a_fault else {"voicemail"})
    if (call.words_lost or call.unheard) and call.ended_by == SERVICE:
        return frozenset({"hung_up", "no_key"})
    return frozenset({"hung_up"})


def _furthest(contacts: Iterable[frozenset[str]]) -> frozenset[str]:
    """Every outcome that the furthest of these can be; where nobody could be rung, ``unreachable``."""
    furthest = {REACHED[-1]}
    for contact in contacts:
        furthest = {min(one, other, key=REACHED.index) for one in furthest for other in contact}
    return frozenset(furthest)
