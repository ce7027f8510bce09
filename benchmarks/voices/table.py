"""What was measured, as Markdown for the documents and as one document for ``--json``."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure
from benchmarks.voices.goals import by_prompt, goals, not_better
from benchmarks.voices.lines import Line
from benchmarks.voices.results import Heard
from benchmarks.voices.scoring import Errors, Score, score, total
from core.i18n import Language
from ivr.dialogue.catalogue import catalogue

BEGIN: Final = "<!-- voices: make voices writes what stands here -->"
END: Final = "<!-- voices: end -->"
WORST: Final = 12
"""Prompts of each voice and language."""

Voice = tuple[str, str, str]
"""Language, engine and timbre."""


def markdown(heard: Sequence[Heard]) -> str:
    """The totals, the goals, and the prompts that are misheard most, with what was heard instead."""
    parts = [_measured(heard), _totals(heard), "Goals, for the neural voice through µ-law:", _goals(goals(heard))]
    parts += [_no_better(heard), "Misheard most, through µ-law:", _worst(heard), *_unsaid(heard)]
    return "\n\n".join(filter(None, parts)) + "\n"


def document(heard: Sequence[Heard]) -> Mapping[str, object]:
    """The same as plain values, and every prompt."""
    return {
        "totals": [{"voice": voice, "line": line, **_percents(each)} for voice, line, each in _by_voice(heard)],
        "goals": [figure.document() for figure in goals(heard)],
        "prompts": [
            {"voice": voice, "line": line, "key": key, **_percents(each)}
            for voice, line, group in _groups(heard)
            for (_, key), each in by_prompt(group).items()
        ],
        "keys": [{"key": each.key, "line": each.line, "taken_for": each.keys} for each in heard if each.keys],
    }


def write(path: Path, table: str) -> None:
    """Replaces what stands between the marks. Raises ``ValueError`` where they are not there."""
    text = path.read_text("utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{path.name} has no marks between which the table stands")
    path.write_text(f"{before}{BEGIN}\n\n{table}\n{END}{after}", "utf-8")


def _measured(heard: Sequence[Heard]) -> str:
    prompts, names = {(each.language, each.key) for each in heard}, {name for each in heard for name in each.people}
    shipped = sum(len(catalogue(language)) for language in Language)
    return (
        f"{len(heard)} sounds of {len(prompts)} of {shipped} shipped prompts with {len(names)} names, written down by "
        f"{', '.join(sorted({each.listener for each in heard}))}. Percent that is wrong:"
    )


def _totals(heard: Sequence[Heard]) -> str:
    head = ("language", "engine", "voice", "line", "characters or words", "pinyin with tones", "without", "names")
    rows = [(*voice, line, *(_shown(each) for each in _columns(told))) for voice, line, told in _by_voice(heard)]
    return _table(head, rows)


def _goals(figures: Iterable[Figure]) -> str:
    rows = ((name, value, bound, holds) for name, value, _, _, bound, holds in (each.row() for each in figures))
    return _table(("goal", "measured", "bound", "holds"), rows)


def _no_better(heard: Sequence[Heard]) -> str:
    prompts = not_better([each for each in heard if each.line is Line.CLEAR])
    if not prompts:
        return ""
    named = ", ".join(f"`{key}` ({language})" for language, key in sorted(prompts))
    return f"A third of pyttsx3's errors, or more: {named}."


def _worst(heard: Sequence[Heard]) -> str:
    rows = [
        (key, voice[1], voice[2], f"{each.words.percent:.0f} %", example.text, example.heard or "–")
        for voice, line, group in _groups(heard)
        if line is Line.CLEAR
        for key, each, example in _misheard(group)
    ]
    return _table(("prompt", "engine", "voice", "wrong", "said", "heard"), rows)


def _misheard(group: Sequence[Heard]) -> Sequence[tuple[str, Score, Heard]]:
    """The worst prompts, each with the sound of it that was misheard most."""
    told = sorted(by_prompt(group).items(), key=lambda item: -item[1].words.percent)
    worst = [(key, each) for (_, key), each in told[:WORST] if each.words.wrong]
    return [
        (key, each, max((one for one in group if one.key == key), key=lambda one: score(one).words.percent))
        for key, each in worst
    ]


def _unsaid(heard: Sequence[Heard]) -> Sequence[str]:
    """Named, for what was not said counts as misheard."""
    return [f"Not said: `{each.key}` by {each.engine} ({each.failure})." for each in heard if each.failure]


def _groups(heard: Sequence[Heard]) -> Iterable[tuple[Voice, Line, Sequence[Heard]]]:
    def place(each: Heard) -> tuple[str, str, str, str]:
        return each.language, each.engine, each.timbre, each.line

    for _, group in groupby(sorted(heard, key=place), place):
        found = list(group)
        yield (found[0].language.value, found[0].engine.value, found[0].timbre.value), found[0].line, found


def _by_voice(heard: Sequence[Heard]) -> Iterable[tuple[Voice, Line, Score]]:
    return ((voice, line, total([score(each) for each in group])) for voice, line, group in _groups(heard))


def _columns(told: Score) -> Sequence[Errors]:
    return told.words, told.pinyin, told.toneless, told.names


def _percents(told: Score) -> Mapping[str, float | None]:
    names = ("units", "pinyin", "pinyin_without_tones", "names")
    return {name: round(each.percent, 2) if each.of else None for name, each in zip(names, _columns(told), strict=True)}


def _shown(errors: Errors) -> str:
    return f"{errors.percent:.1f}" if errors.of else "–"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(each) for each in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
