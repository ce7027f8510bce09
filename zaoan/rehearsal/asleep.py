"""What the judge expects of a morning that was slept through, beside what holds on every morning."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from zaoan.rehearsal.judge import Made, Rules, household_calls, households
from zaoan.rehearsal.suspension import Sleep
from zaoan.rehearsal.wire import TextSent, WireCall
from zaoan.rehearsal.witness import REACHED, SAID, Testimony, testimonies

NOT_ASKED = "not_asked"
AT_ANY_HOUR = frozenset({"unwell", "no_key"})
"""Kinds of cases about which helpers are rung in their quiet hours."""
OFFICE = "office"


def as_slept(made: Sequence[Made], wire: Sequence[WireCall], rules: Rules, sleep: Sleep) -> list[Made]:
    """What was made, with what was to be expected: who was rung keeps how far that got, who never was was not asked."""
    judged: list[Made] = []
    for phones, together in households(made).items():
        calls = household_calls(phones, wire)
        seen = testimonies(calls, len(together))
        for each, testimony in zip(together, seen, strict=True):
            right = testimony.acceptable(rules.attempts) if _was_rung(calls) else {NOT_ASKED, *_refused(each)}
            if cut := [call for call in calls if _is_cut(call, sleep)]:
                right = right | _may_have_come_of(cut, testimony)
            as_it_is = each.outcome if each.outcome in right else None
            judged.append(replace(each, expected=as_it_is or min(right)))
    return judged


def asleep_violations(
    made: Sequence[Made],
    wire: Sequence[WireCall],
    texts: Sequence[TextSent],
    families: Mapping[str, str],
    roles: Mapping[str, str],
    rules: Rules,
) -> list[str]:
    """Promises that a machine that sleeps could break.

    ``families`` has the number of each resident's relative, ``roles`` the role of each responder's telephone.
    """
    return [*_cases(made, roles), *_families(made, texts, families), *_at_night(made, wire, rules)]


def _cases(made: Sequence[Made], roles: Mapping[str, str]) -> Iterator[str]:
    """Whoever was not asked shares one case, about which only the office is rung."""
    left = [each for each in made if each.outcome == NOT_ASKED]
    shared = {each.case_id for each in left}
    if len(shared) > 1:
        yield f"those who were not asked have {len(shared)} cases"
    for number in {asked.number for each in left for asked in each.asked}:
        if roles.get(number) != OFFICE:
            yield f"{number} ({roles.get(number)}) was rung about those who were not asked"


def _families(made: Sequence[Made], texts: Sequence[TextSent], families: Mapping[str, str]) -> Iterator[str]:
    """Of somebody whom nobody has asked nobody can say anything."""
    told = {text.number for text in texts}
    asked = {each.resident for each in made if each.outcome != NOT_ASKED}  # two of one name have one daughter
    for each in made:
        if each.outcome == NOT_ASKED and each.resident not in asked and families.get(each.resident) in told:
            yield f"the family of {each.resident} was told something although nobody was asked"


def _at_night(made: Sequence[Made], wire: Sequence[WireCall], rules: Rules) -> Iterator[str]:
    """What can wait rings nobody in the quiet hours."""
    by_url = {call.url: call for call in wire if call.url}
    for each in made:
        for asked in each.asked:
            rung = next((call for url, call in by_url.items() if asked.call in url), None)
            if rung is None or each.case_kind in AT_ANY_HOUR:
                continue
            at = rules.local(rung.requested_at)
            if not rules.wakes <= at < rules.closes:
                yield f"{asked.number} was rung about {each.resident} ({each.case_kind}) at {at:%H:%M}"


def _may_have_come_of(cut: Sequence[WireCall], testimony: Testimony) -> frozenset[str]:
    """What was pressed while the service slept it may have heard when it woke, or never; after a word that it has heard
    only what is worse counts."""
    pressed = {SAID[report.key] for call in cut for report in call.key_reports if report.key in SAID}
    if not testimony.said:
        return frozenset(REACHED) | pressed
    from_worst = list(SAID.values())
    heard = min(from_worst.index(said.outcome) for said in testimony.said if said.outcome in from_worst)
    return frozenset(from_worst[:heard]) & pressed


def _was_rung(calls: Sequence[WireCall]) -> bool:
    return bool(calls)


def _refused(each: Made) -> frozenset[str]:
    """Whose number the provider refuses is known to be unreachable only once it was asked for."""
    return frozenset({"unreachable"} if each.behaviour.startswith("invalid number") else ())


def _is_cut(call: WireCall, sleep: Sleep) -> bool:
    """Whether the service slept while the call was under way, so that it may not have heard how it went on."""
    return call.requested_at <= sleep.ended and (call.ended_at is None or call.ended_at >= sleep.began)
