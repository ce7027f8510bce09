"""Words for the tests of what is heard: results as a run keeps them."""

from audio.engines.engine import Engine
from benchmarks.voices.lines import Line
from benchmarks.voices.results import Heard
from core.i18n import Language
from core.timbre import Timbre


def a_result(
    text: str,
    heard: str,
    key: str = "check_in.greeting",
    engine: Engine = Engine.NEURAL,
    line: Line = Line.CLEAR,
    people: tuple[str, ...] = (),
    keys: str = "",
) -> Heard:
    language = Language.CHINESE if any("一" <= each <= "龥" for each in text) else Language.ENGLISH
    return Heard(f"{engine} {text}", key, language, engine, Timbre.USUAL, line, text, people, heard, "somebody", keys)
