"""What is due about a case in hand: something always is, and nobody is rung about it while they are in time."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.holding import MOVES, TRY_AGAIN, Hold, Step, deadline, next_step, within
from escalation.models import HELD, CaseKind, CaseState
from escalation.policy_lookup import shipped

POLICIES = {kind: shipped().table[kind] for kind in CaseKind}
UNWELL = POLICIES[CaseKind.UNWELL]
NOW = datetime(2026, 11, 23, 0, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
policies = st.sampled_from(list(POLICIES.values()))
holds = st.builds(
    Hold,
    st.sampled_from(sorted(HELD)),
    st.integers(-3000, 60).map(lambda minutes: NOW + minutes * MINUTE),
    st.none() | st.integers(-3000, 0).map(lambda minutes: NOW + minutes * MINUTE),
)


@given(policies, holds, st.booleans())
def test_something_is_always_due_later_unless_the_case_returns_now(policy, hold, can_ring):
    due = next_step(policy, hold, NOW, can_ring=can_ring)
    assert due.look_at > NOW or due.step is Step.RETURN
    assert (
        due.look_at <= max(NOW, hold.since, hold.reminded_at or NOW) + within(policy, hold.state) + policy.return_after
    )


@given(policies, holds, st.booleans())
def test_nobody_is_rung_and_nothing_returns_while_its_responder_is_in_time(policy, hold, can_ring):
    due = next_step(policy, hold, NOW, can_ring=can_ring)
    if deadline(policy, hold) > NOW:
        assert (due.step, due.look_at) == (Step.WAIT, deadline(policy, hold))


@given(policies, holds)
def test_nobody_is_reminded_twice_nor_whose_telephone_may_not_ring(policy, hold):
    assert next_step(policy, hold, NOW, can_ring=False).step is not Step.REMIND
    if hold.reminded_at is not None:
        assert next_step(policy, hold, NOW, can_ring=True).step is not Step.REMIND


def test_who_is_late_is_reminded_and_then_it_returns():
    hold = Hold(CaseState.ACCEPTED, NOW)
    late = NOW + UNWELL.move_within
    reminded = next_step(UNWELL, hold, late, can_ring=True)
    assert (reminded.step, reminded.look_at) == (Step.REMIND, late + UNWELL.return_after)
    hold = replace(hold, reminded_at=late)
    assert next_step(UNWELL, hold, reminded.look_at - MINUTE, can_ring=True).step is Step.WAIT
    assert next_step(UNWELL, hold, reminded.look_at, can_ring=True).step is Step.RETURN


def test_who_cannot_be_reminded_is_tried_again_for_a_while_and_then_it_returns_all_the_same():
    hold, late = Hold(CaseState.ACCEPTED, NOW), NOW + UNWELL.move_within
    first = next_step(UNWELL, hold, late, can_ring=False)
    assert (first.step, first.look_at) == (Step.WAIT, late + TRY_AGAIN)
    assert next_step(UNWELL, hold, late + UNWELL.return_after, can_ring=False).step is Step.RETURN


def test_what_rings_nobody_returns_without_a_reminder():
    notice = POLICIES[CaseKind.NOTICE_NOT_HEARD]
    hold = Hold(CaseState.ACCEPTED, NOW - notice.move_within)
    assert next_step(notice, hold, NOW, can_ring=True).step is Step.RETURN


@dataclass
class World:
    """A case as the service looks after it: accepted by one, handed to others, and looked at when it is due."""

    policy: object
    now: datetime = NOW
    state: CaseState = CaseState.OPEN
    hold: Hold | None = None
    look_at: datetime | None = NOW
    reminders: list = field(default_factory=list)
    returns: int = 0

    def accept(self):
        if self.state is CaseState.OPEN:
            self._held(CaseState.ACCEPTED)

    def hand_over(self):
        """Another one has accepted it meanwhile: their time begins."""
        if self.hold:
            self._held(CaseState.ACCEPTED)

    def move(self, state):
        if self.hold and self.hold.state in MOVES[state]:
            self._held(state)

    def close(self):
        self.state, self.hold, self.look_at = CaseState.CLOSED, None, None

    def jump(self, minutes):
        """The clock runs, or the machine sleeps; set back, every instant moves along (``set_back``)."""
        by = minutes * MINUTE
        self.now += by
        if by < timedelta() and self.look_at:

            def along(at):
                return at + by if at and at > self.now else at

            self.look_at = along(self.look_at)
            if self.hold:
                self.hold = replace(self.hold, since=along(self.hold.since), reminded_at=along(self.hold.reminded_at))

    def tick(self, can_ring):
        """A look; a crash in it leaves everything as it was before, and the next tick does it."""
        if self.look_at is None or self.look_at > self.now:
            return
        if self.hold is None:
            self.look_at = self.now + MINUTE
            return
        late = self.now >= deadline(self.policy, self.hold)
        due = next_step(self.policy, self.hold, self.now, can_ring=can_ring)
        self.look_at = due.look_at
        if due.step is Step.REMIND:
            assert late
            self.reminders.append((self.hold.since, self.now))
            self.hold = replace(self.hold, reminded_at=self.now)
        elif due.step is Step.RETURN:
            assert late
            self.state, self.hold, self.look_at, self.returns = CaseState.OPEN, None, self.now, self.returns + 1

    def _held(self, state):
        self.state, self.hold = state, Hold(state, self.now)
        self.look_at = deadline(self.policy, self.hold)


deeds = st.one_of(
    st.tuples(st.just("accept")),
    st.tuples(st.just("hand_over")),
    st.tuples(st.just("move"), st.sampled_from(sorted(MOVES))),
    st.tuples(st.just("jump"), st.integers(-120, 600)),
    st.tuples(st.just("tick"), st.booleans()),
    st.tuples(st.just("crash")),
)


@settings(max_examples=300)
@given(policies, st.lists(deeds, max_size=40))
def test_whatever_happens_something_is_due_until_a_person_has_closed_it(policy, happened):
    world = World(policy)
    for name, *values in happened:
        if name != "crash":
            getattr(world, name)(*values)
        assert world.look_at is not None
        longest = max(policy.move_within, policy.arrive_within, policy.close_within) + policy.return_after
        assert world.look_at <= world.now + longest
        assert (world.hold is None) == (world.state is CaseState.OPEN)
    assert len(set(world.reminders)) == len(world.reminders)
    assert len({since for since, _ in world.reminders}) == len(world.reminders), "reminded twice of one word of theirs"
    for _ in range(20):  # whoever has it says nothing more: it is open again within a bounded time
        world.jump(int(longest_of(policy) / MINUTE) + 1)
        world.tick(can_ring=False)
    assert world.state is CaseState.OPEN
    world.close()
    assert world.look_at is None


def longest_of(policy):
    return max(policy.move_within, policy.arrive_within, policy.close_within) + policy.return_after
