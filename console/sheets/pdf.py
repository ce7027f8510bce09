"""PDFs of sheets, made by WeasyPrint in a process of its own.

A long sheet takes seconds of a processor, in which no telephone may wait for its turn; what it needs of the system
(Pango and a font) is needed by nothing else, and what fails in it fails there. Nothing is fetched for a sheet.
"""

import logging
import subprocess
import sys
from threading import BoundedSemaphore
from typing import Final

from console.sheets.pdf_worker import NO_FONT, NO_LIBRARIES, SOURCES
from core.errors import UserError

LIBRARIES: Final = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
"""The packages of Debian and Ubuntu that WeasyPrint draws with."""
FONTS: Final = "fonts-noto-cjk"
AT_ONCE: Final = 2
LONGEST_SECONDS: Final = 600
_COMMAND: Final = (sys.executable, "-m", "console.sheets.pdf_worker")
_PRINT: Final = "Print the page instead."
_log = logging.getLogger(__name__)
_turns = BoundedSemaphore(AT_ONCE)


class NoPdfError(UserError):
    """No PDF can be made here now (HTTP 503); the page it would be of can be printed all the same."""

    status = 503


def pdf(page: str) -> bytes:
    """The PDF of a whole HTML page, A4; raises ``NoPdfError``, naming the system package that is missing."""
    if not _turns.acquire(blocking=False):
        raise NoPdfError("Other PDFs are being made.", way_out="Try again in a minute, or print the page.")
    try:
        return _made(page)
    finally:
        _turns.release()


def _made(page: str) -> bytes:
    try:
        worker = subprocess.run(_COMMAND, input=page.encode(), capture_output=True, cwd=SOURCES, check=False,
                                timeout=LONGEST_SECONDS)  # fmt: skip
    except subprocess.TimeoutExpired:
        raise NoPdfError("The PDF was not finished in time.", way_out=_PRINT) from None
    if worker.returncode == 0:
        return worker.stdout
    raise _refused(worker.returncode, worker.stdout.decode(errors="replace"), worker.stderr.decode(errors="replace"))


def _refused(code: int, said: str, complained: str) -> NoPdfError:
    if code == NO_LIBRARIES:
        return NoPdfError("A PDF needs the system packages {value}.", value=" ".join(LIBRARIES),
                          way_out="Install them, or print the page instead.")  # fmt: skip
    if code == NO_FONT:
        return NoPdfError("No font here has the characters {characters}.", characters=said, value=FONTS,
                          way_out="Install the system package {value}, or print the page instead.")  # fmt: skip
    _log.error("the PDF worker ended with %s: %s", code, complained[-2000:])
    return NoPdfError("The PDF could not be made.", way_out=_PRINT)
