"""How help is laid out: headings in the user's language, and lines that are as wide as they look.

A Chinese character takes two columns of a terminal and may stand at either end of a line; the library counts
characters and breaks at blanks only.
"""

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar
from unicodedata import east_asian_width

from typer._click.formatting import HelpFormatter

from core.i18n import Language, translate

PIECE = re.compile(r"\s+|[^\s\u2e80-\u9fff\uff00-\uffef]+|.")
OPENS = "[(“（《"
"""What no line ends with."""
STAYS = "。，、；：？！）》”’…"
"""What no line begins with."""
TYPES = re.compile(r"<(str|int|float|path|file|int range|float range)>")
WIDEST_NAME = 30
GAP = 2


class Layout(HelpFormatter):
    """The layout of help in one language."""

    spoken: ClassVar[Language] = Language.ENGLISH

    @classmethod
    def of(cls, language: Language) -> type["Layout"]:
        """The layout of this language."""
        return type(f"Layout{language.name}", (cls,), {"spoken": language})

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """One line: what to type."""
        self.write(f"{translate(self.spoken, 'Usage:')} {prog} {args}\n")

    def write_heading(self, heading: str) -> None:
        """``Commands:``, ``Options:``, ``Arguments:``; those of the library may have been translated already."""
        self.write(f"{'':>{self.current_indent}}{translate(self.spoken, heading)}:\n")

    def write_text(self, text: str) -> None:
        """Paragraphs."""
        for paragraph in text.split("\n\n"):
            self._write_lines(lines(paragraph, self.width - self.current_indent))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = WIDEST_NAME, col_spacing: int = GAP) -> None:
        """A list of names, each with what it is."""
        named = [(self._named(name), translate(self.spoken, text)) for name, text in rows]
        left = min(max((columns(name) for name, _ in named), default=0), col_max) + col_spacing
        room = max(self.width - self.current_indent - left, 20)
        for name, text in named:
            first, *others = lines(text, room) or [""]
            gap = left - columns(name)
            if gap < col_spacing:
                self._write_lines([name, " " * left + first])
            else:
                self._write_lines([name + " " * gap + first])
            self._write_lines([" " * left + each for each in others])

    def _named(self, name: str) -> str:
        return TYPES.sub(lambda found: f"<{translate(self.spoken, f'type:{found[1]}')}>", name)

    def _write_lines(self, written: Sequence[str]) -> None:
        for each in written:
            self.write(f"{' ' * self.current_indent}{each}".rstrip() + "\n")


def columns(text: str) -> int:
    """How many columns of a terminal it takes."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def lines(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` columns; what is longer than a line and cannot be broken stands alone."""
    written = [""]
    for piece in _pieces(text):
        if written[-1] and columns(written[-1]) + columns(piece.rstrip()) > width:
            written[-1] = written[-1].rstrip()
            written.append("")
        if written[-1] or piece.strip():
            written[-1] += piece
    return [each.rstrip() for each in written if each.strip()]


def _pieces(text: str) -> Iterator[str]:
    """What is not broken: a word with what must not begin a line after it, or a blank."""
    held = ""
    for found in PIECE.finditer(text):
        piece = found[0]
        if held and piece[0] not in STAYS and held[-1] not in OPENS:
            yield held
            held = ""
        held += piece if piece.strip() else " "
    if held:
        yield held
