"""The process that makes one PDF: HTML on standard input, the PDF on standard output.

It ends with ``NO_LIBRARIES`` where WeasyPrint cannot load what it draws with, and with ``NO_FONT``, naming some of the
characters, where no font of the machine has what every Chinese font has.
"""

import logging
import os
import resource
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement

SOURCES: Final = Path(__file__).parents[2]
NO_LIBRARIES: Final = 3
NO_FONT: Final = 4
NICE: Final = 10
"""It gives way to whoever talks to callers."""
PROCESSOR_SECONDS: Final = 120
"""Whatever works longer works without end."""
SVG: Final = "{http://www.w3.org/2000/svg}"
COMMON: Final = range(0x4E00, 0xA000)
"""CJK Unified Ideographs: a Chinese font has them; of rarer characters a box is better than no report."""


class Missed(logging.Handler):
    """Collects the common characters that no font had, as WeasyPrint warns of each."""

    def __init__(self) -> None:
        super().__init__()
        self.characters: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps the character of a warning about one."""
        found = record.args
        if isinstance(found, tuple) and len(found) == 2 and found[1] in COMMON and found[0] not in self.characters:
            self.characters.append(str(found[0]))


def main() -> None:
    """One page in, one PDF out."""
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)  # WeasyPrint prints what it misses of the system
        os.nice(NICE)
        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
        sys.exit(_make(sys.stdin.buffer.read().decode(), out.write))


def _make(page: str, write: Callable[[bytes], Any]) -> int:
    try:
        import weasyprint
    except OSError:  # of the libraries that it opens
        return NO_LIBRARIES
    missed = Missed()
    logging.getLogger("weasyprint").addHandler(missed)
    nothing_else = weasyprint.urls.URLFetcher(allowed_protocols=())
    html = weasyprint.HTML(string=page, url_fetcher=nothing_else)
    _dress(html.etree_element)
    made = html.write_pdf()
    if missed.characters:
        write("".join(missed.characters[:10]).encode())
        return NO_FONT
    write(made)
    return 0


def _dress(page: Element) -> None:
    """Puts the page's styles and patterns into each of its pictures: there WeasyPrint (70.0) sees no others."""
    styles = "\n".join(each.text or "" for each in page.iter("style"))
    patterns = [*page.iter(f"{SVG}pattern")]
    for picture in [*page.iter(f"{SVG}svg")]:
        SubElement(picture, f"{SVG}style").text = styles
        SubElement(picture, f"{SVG}defs").extend(deepcopy(patterns))


if __name__ == "__main__":
    main()
