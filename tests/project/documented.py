"""In every test: whatever the owner of a call says, its dialogue's document says that it may be said there.

So what ``zaoan dialogue show`` prints is what callers hear, in every branch. A call may go on with another document
(``ivr.dispatch.calls.go_on_with``); then it begins at a step of that one, after the last words about what was before.
"""

from itertools import product

from ivr.dialogue.engine import Connect, Heard, Sound, advance, begin, enter, otherwise
from ivr.dispatch import calls
from ivr.ports import owners


class Watched:
    """An owner of calls whose words are compared with the document."""

    def __init__(self, owner):
        self._owner = owner

    def __getattr__(self, name):
        return getattr(self._owner, name)

    def next(self, session, call, position, heard):
        before = calls.dialogue_of(call)
        turn = self._owner.next(session, call, position, heard)
        dialogue = calls.dialogue_of(call)
        if turn.say and before == dialogue and not _is_documented(dialogue, position, heard, turn):
            raise UndocumentedError(call.owner, position, heard, turn.say)
        if turn.say and before != dialogue and not _begins(dialogue, turn):
            raise UndocumentedError(call.owner, position, heard, turn.say)
        return turn


class UndocumentedError(AssertionError):
    """Something is said that the document of the dialogue does not show."""


def watch(monkeypatch):
    """From now on every owner of ours is watched."""
    owner_of = owners.owner_of

    def watched(call):
        owner = owner_of(call)
        return owner if type(owner).__module__.startswith("tests.") else Watched(owner)

    monkeypatch.setattr(owners, "owner_of", watched)


def _is_documented(dialogue, position, heard, turn):
    return any(_agrees(dialogue, each.say, turn.say) for each in _possible(dialogue, position, heard))


def _possible(dialogue, position, heard):
    """Every turn that the document shows after this was heard there."""
    if position is None:
        yield from (enter(dialogue, step) for step in (dialogue.first, *dialogue.entrances))
        return
    turn, step = advance(dialogue, position, heard), dialogue.step(position.step)
    yield turn
    yield enter(dialogue, position.step)  # a trembling finger: the same once more
    yield from (otherwise(dialogue, turn, so) for so in turn.instead)
    if isinstance(step, Connect):  # whether they have talked the owner knows better than the provider
        yield from (advance(dialogue, position, Heard(each)) for each in (Sound.CONNECTED, Sound.NOT_CONNECTED))
        yield _Again(step.again)


class _Again:
    def __init__(self, say):
        self.say = say


def _begins(dialogue, turn):
    starts = [begin(dialogue), *(enter(dialogue, step) for step in dialogue.entrances)]
    return any(_agrees(dialogue, each.say, turn.say[len(turn.say) - len(each.say) :]) for each in starts)


def _agrees(dialogue, shown, said):
    ways = [[prompt, *(_slow(prompt, each) for each in dialogue.otherwise(prompt.model_copy(update={"slower": False})))]
            for prompt in shown]  # fmt: skip
    return tuple(said) in product(*ways)


def _slow(prompt, other):
    return other.slowly() if prompt.slower else other
