"""The sentence that matters: how the morning stands, in one breath, and what to do next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from console.signs import Sign
from core.i18n import Language, translate


@dataclass(frozen=True)
class Phrase:
    """A catalogue key and what fills its gaps."""

    text: str
    gaps: tuple[tuple[str, object], ...] = ()

    def say(self, language: Language) -> str:
        """The phrase in this language."""
        return translate(language, self.text, **dict(self.gaps))


class Mood(StrEnum):
    """Which kind of sentence stands on top."""

    EMPTY = "empty"
    BEFORE = "before"
    UNDER_WAY = "under_way"
    CARE = "care"
    ALL_WELL = "all_well"


@dataclass(frozen=True)
class Tally:
    """How many residents are where: everybody is in exactly one of the counts of ``by_sign``.

    ``heard`` have said something themselves; ``needing`` have a case that is not closed.
    """

    enrolled: int
    heard: int
    calling: int
    waiting: int
    needing: int
    well: int
    excused: int

    @property
    def over(self) -> bool:
        """Whether everybody has an outcome."""
        return not self.calling and not self.waiting


@dataclass(frozen=True)
class Headline:
    """The sentence as phrases to be joined, and what to do next where there is something to do."""

    mood: Mood
    phrases: Sequence[Phrase]
    next: Phrase | None = None


def tally(signs: Sequence[Sign], heard: int, needing: int) -> Tally:
    """Counts what the windows show."""
    return Tally(
        enrolled=len(signs),
        heard=heard,
        calling=_count(signs, {Sign.CALLING, Sign.TALKING}),
        waiting=_count(signs, {Sign.WAITING}),
        needing=needing,
        well=_count(signs, {Sign.WELL}),
        excused=_count(signs, {Sign.EXCUSED}),
    )


def headline_without_round(residents: int, needing: int, starts: str | None) -> Headline:
    """Before today's first round; ``starts`` is the community time at which it begins by itself."""
    care = _needing(needing)
    if not residents:
        return Headline(Mood.EMPTY, [Phrase("Welcome, nobody lives here yet")],
                        Phrase("Import your list of residents: zaoan import residents.csv"))  # fmt: skip
    if starts:
        begin = Phrase(
            "Good morning, {residents} residents will be rung from {at}", _gaps(residents=residents, at=starts)
        )
        return Headline(Mood.BEFORE, [begin, *care], Phrase("There is nothing to do until then."))
    advice = Phrase("Create a campaign, and its rounds start by themselves: zaoan campaign create")
    return Headline(Mood.BEFORE, [Phrase("Good morning, nobody has been rung yet"), *care], advice)


def headline(count: Tally) -> Headline:
    """While a round of today is under way, or after it."""
    if not count.enrolled:
        return Headline(Mood.BEFORE, [Phrase("This round has nobody to ring")],
                        Phrase("Only residents who have agreed and have the campaign's flags are rung."))  # fmt: skip
    if count.over and not count.needing:
        return _all_done(count)
    phrases = [Phrase("{heard} of {residents} have answered", _gaps(heard=count.heard, residents=count.enrolled))]
    phrases += [Phrase("{calling} being called", _gaps(calling=count.calling))] if count.calling else []
    phrases += [Phrase("{waiting} still waiting", _gaps(waiting=count.waiting))] if _mostly_waiting(count) else []
    mood = Mood.CARE if count.needing else Mood.UNDER_WAY
    return Headline(mood, [*phrases, *_needing(count.needing)], _what_next(count))


def _all_done(count: Tally) -> Headline:
    if count.well + count.excused == count.enrolled:
        title = [_people(count.enrolled), Phrase("all are well")]
        title += [Phrase("{excused} away today", _gaps(excused=count.excused))] if count.excused else []
    else:
        title = [_people(count.enrolled), Phrase("everybody has been looked after")]
    return Headline(Mood.ALL_WELL, title, Phrase("The round is complete. Have a good day."))


def _what_next(count: Tally) -> Phrase | None:
    if count.over:
        return Phrase("Everybody has been rung. What remains needs a person.")
    return None


def _mostly_waiting(count: Tally) -> bool:
    """Those who wait are worth a word until the first helper is needed; then the sentence stays short."""
    return bool(count.waiting) and not count.needing


def _people(count: int) -> Phrase:
    return Phrase("{residents} residents", _gaps(residents=count)) if count != 1 else Phrase("One resident")


def _needing(count: int) -> list[Phrase]:
    if count == 1:
        return [Phrase("1 needs a person")]
    return [Phrase("{needing} need a person", _gaps(needing=count))] if count else []


def _gaps(**gaps: object) -> tuple[tuple[str, object], ...]:
    return tuple(gaps.items())


def _count(signs: Iterable[Sign], wanted: set[Sign]) -> int:
    return sum(sign in wanted for sign in signs)
