"""The sentence that matters: how the morning stands, in one breath, and what to do next.

Every sentence about people is computed from those who are in today's rounds, before these from those whom the next
round would ring. Nothing is said of anybody that has not happened: ``headline`` names the count behind each claim.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from console.view.signs import Sign
from core.i18n import Language, translate


@dataclass(frozen=True)
class Phrase:
    """A catalogue key and what fills its gaps; a phrase in a gap is said in the same language."""

    text: str
    gaps: tuple[tuple[str, object], ...] = ()

    def say(self, language: Language) -> str:
        """The phrase in this language."""
        filled = {gap: each.say(language) if isinstance(each, Phrase | Counted) else each for gap, each in self.gaps}
        return translate(language, self.text, **filled)


GOOD_MORNING: Final = Phrase("Good morning")
MORNING_UNTIL: Final = 11
"""The hour from which nobody says good morning any more."""


@dataclass(frozen=True)
class Counted:
    """Words of the catalogue, each with its count, to be put into a gap."""

    counts: tuple[tuple[str, int], ...]

    def say(self, language: Language) -> str:
        """``没有同意 3、暂停 2``."""
        each = (f"{translate(language, word)} {count}" for word, count in self.counts)
        return ("、" if language is Language.CHINESE else ", ").join(each)


class Mood(StrEnum):
    """Which kind of sentence stands on top."""

    EMPTY = "empty"
    BEFORE = "before"
    UNDER_WAY = "under_way"
    CARE = "care"
    QUIET = "quiet"
    """All is over, and nobody was rung."""
    ALL_WELL = "all_well"


@dataclass(frozen=True)
class Standing:
    """How one resident of today's rounds stands.

    ``rung`` says that a telephone of theirs has rung or rings; ``heard`` that they have said something themselves;
    ``looked_after`` that a person has closed the case that came of it; ``stopped`` that staff stopped their round.
    """

    sign: Sign
    rung: bool = False
    heard: bool = False
    looked_after: bool = False
    stopped: bool = False


@dataclass(frozen=True)
class Tally:
    """How many residents of today's rounds are where; only who is ``enrolled`` in one is counted.

    ``well``, ``looked_after``, ``excused``, ``stopped``, ``not_asked``, ``calling`` and ``waiting`` exclude each other.
    ``asked`` have been rung or have rung us. ``needing`` have a case of their own that is not closed, whether they are
    in a round or not; ``listed`` says that a case about everybody who was not asked waits. ``complete`` says that no
    check-in of today's rounds is open.
    """

    enrolled: int
    heard: int
    asked: int
    calling: int
    waiting: int
    needing: int
    well: int
    looked_after: int
    excused: int
    stopped: int
    not_asked: int
    listed: bool
    complete: bool

    @property
    def over(self) -> bool:
        """Whether everybody has an outcome, in every round."""
        return self.complete and not self.calling and not self.waiting

    @property
    def settled(self) -> bool:
        """Whether each of them is well, has been looked after by a person, or needs no call today."""
        return self.well + self.looked_after + self.excused == self.enrolled


@dataclass(frozen=True)
class Headline:
    """The sentence as phrases to be joined, and what to do next where there is something to do."""

    mood: Mood
    phrases: Sequence[Phrase]
    next: Phrase | None = None


@dataclass(frozen=True)
class Next:
    """The rounds of the next day that has any: they will ring ``people`` from ``at``, None where no round will start.

    ``paused`` is the name of a campaign that would start some if it were not paused, ``left_out`` counts those whom
    the first is for and does not ring, by the word of why; ``greeting`` is that of the hour.
    """

    people: int = 0
    left_out: Counted = Counted(())
    at: Phrase | None = None
    paused: str = ""
    greeting: Phrase = GOOD_MORNING


def greeting(hour: int) -> Phrase:
    """How the office is greeted at this local hour: nobody says good morning after eleven."""
    return GOOD_MORNING if hour < MORNING_UNTIL else Phrase("Hello")


def tally(standings: Sequence[Standing], needing: int, *, listed: bool = False, complete: bool) -> Tally:
    """Counts those who are in today's rounds."""
    signs = [each.sign for each in standings]
    return Tally(
        enrolled=len(standings),
        heard=sum(each.heard for each in standings),
        asked=sum(each.rung or each.heard for each in standings),
        calling=_count(signs, {Sign.CALLING, Sign.TALKING}),
        waiting=_count(signs, {Sign.WAITING}),
        needing=needing,
        well=_count(signs, {Sign.WELL}),
        looked_after=sum(each.looked_after for each in standings),
        excused=sum(each.sign is Sign.EXCUSED and not each.stopped for each in standings),
        stopped=sum(each.stopped for each in standings),
        not_asked=_count(signs, {Sign.NOT_ASKED}),
        listed=listed,
        complete=complete,
    )


def headline_without_round(residents: int, needing: int, then: Next, *, listed: bool = False) -> Headline:
    """Before today's first round; ``residents`` is how many live here, the others as in a tally."""
    care = [*_needing(needing), *([_LISTED] if listed else [])]
    if not residents:
        return Headline(Mood.EMPTY, [Phrase("Welcome, nobody lives here yet"), *care],
                        Phrase("Import your list of residents: zaoan import residents.csv"))  # fmt: skip
    if then.at is None:
        return Headline(
            Mood.BEFORE,
            [Phrase("{greeting}, nobody has been rung today", _gaps(greeting=then.greeting)), *care],
            _to_begin(then),
        )
    if not then.people:
        nobody = Phrase("The next round, at {at}, has nobody to ring", _gaps(at=then.at))
        return Headline(Mood.CARE, [nobody, *care], _why_nobody(then.left_out))
    starts = _gaps(greeting=then.greeting, residents=then.people, at=then.at)
    some = "{greeting}, {residents} residents will be rung from {at}"
    first = Phrase(some if then.people > 1 else "{greeting}, one resident will be rung from {at}", starts)
    return Headline(Mood.BEFORE, [first, *care], None if care else Phrase("There is nothing to do until then."))


def headline(count: Tally, left_out: Counted = Counted(())) -> Headline:
    """While a round of today is under way, or after it; ``left_out`` are those whom an empty one was for."""
    if not count.enrolled:
        return Headline(Mood.CARE, [Phrase("This round has nobody to ring"), *_care(count)], _why_nobody(left_out))
    if count.over and not count.needing and not count.listed:
        return _all_done(count)
    phrases = _answered(count)
    phrases += [Phrase("{calling} being called", _gaps(calling=count.calling))] if count.calling else []
    phrases += [Phrase("{waiting} still waiting", _gaps(waiting=count.waiting))] if _mostly_waiting(count) else []
    mood = Mood.CARE if count.needing or count.listed else Mood.UNDER_WAY
    return Headline(mood, [*phrases, *_care(count)], _what_next(count))


_LISTED = Phrase("residents who were not rung wait for the office")


def _why_nobody(left_out: Counted) -> Phrase:
    if left_out.counts:
        total = sum(count for _, count in left_out.counts)
        return Phrase("{count} are left out: {reasons}", _gaps(count=total, reasons=left_out))
    return Phrase("Only residents who have agreed and have the campaign's flags are rung.")


def _to_begin(then: Next) -> Phrase:
    if then.paused:
        return Phrase("The campaign is paused; it starts rounds again after: zaoan campaign resume {name}",
                      _gaps(name=then.paused))  # fmt: skip
    return Phrase("Create a campaign, and its rounds start by themselves: zaoan campaign create")


def _answered(count: Tally) -> list[Phrase]:
    """How many have answered, of a round in which somebody was asked at all."""
    if count.asked:
        return [Phrase("{heard} of {residents} have answered", _gaps(heard=count.heard, residents=count.enrolled))]
    return [_people(count.enrolled), Phrase("nobody has been rung" if count.over else "nobody has been rung yet")]


def _all_done(count: Tally) -> Headline:
    """All have an outcome, and no case is open."""
    people, over = _people(count.enrolled), Phrase("The round is complete. Have a good day.")
    if count.well == count.enrolled:
        return Headline(Mood.ALL_WELL, [people, Phrase("all are well")], over)
    if count.well + count.looked_after == count.enrolled:
        return Headline(Mood.ALL_WELL, [people, Phrase("everybody has been looked after")], over)
    if not count.asked:
        return Headline(Mood.QUIET, [people, Phrase("nobody has been rung"), *_left_out(count)])
    if not count.settled:
        return Headline(Mood.UNDER_WAY, [*_answered(count), *_not_asked(count), *_left_out(count)])
    return Headline(Mood.ALL_WELL, [*_parts(count), *_left_out(count)], over)


def _parts(count: Tally) -> list[Phrase]:
    phrases = [Phrase("{well} of {residents} are well", _gaps(well=count.well, residents=count.enrolled))]
    looked_after = Phrase("{count} looked after", _gaps(count=count.looked_after))
    return phrases + ([looked_after] if count.looked_after else [])


def _left_out(count: Tally) -> list[Phrase]:
    """Whom nobody expects to hear of today, and whom staff chose not to ask."""
    excused = "1 needs no call today" if count.excused == 1 else "{excused} need no call today"
    stopped = Phrase("{count} left out when the round was stopped", _gaps(count=count.stopped))
    phrases = [Phrase(excused, _gaps(excused=count.excused))] if count.excused else []
    return [*phrases, *([stopped] if count.stopped else [])]


def _care(count: Tally) -> list[Phrase]:
    """What still needs a person: single residents, and all those who were not rung."""
    unasked = _not_asked(count) or ([_LISTED] if count.listed else [])
    return [*_needing(count.needing), *unasked]


def _not_asked(count: Tally) -> list[Phrase]:
    """Where nobody at all was rung this has been said."""
    return [Phrase("{count} were not rung", _gaps(count=count.not_asked))] if count.not_asked and count.asked else []


def _what_next(count: Tally) -> Phrase | None:
    if not count.over:
        return None
    if count.asked == count.enrolled:
        return Phrase("Everybody has been rung. The rest needs a person.")
    return Phrase("No more calls will be made. The rest needs a person.")


def _mostly_waiting(count: Tally) -> bool:
    """Those who wait are worth a word until the first helper is needed; then the sentence stays short."""
    return bool(count.waiting) and not count.needing


def _people(count: int) -> Phrase:
    return Phrase("{residents} residents", _gaps(residents=count)) if count != 1 else Phrase("One resident")


def _needing(count: int) -> list[Phrase]:
    if count == 1:
        return [Phrase("1 needs somebody")]
    return [Phrase("{needing} need somebody", _gaps(needing=count))] if count else []


def _gaps(**gaps: object) -> tuple[tuple[str, object], ...]:
    return tuple(gaps.items())


def _count(signs: Iterable[Sign], wanted: set[Sign]) -> int:
    return sum(sign in wanted for sign in signs)
