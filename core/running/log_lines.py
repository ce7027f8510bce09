"""Lines of the log: one for each thing that happened, without anybody's number and without control characters.

A log is copied into mails and onto other machines, and kept longer than the data of the people it is about. What comes
from outside may hold line breaks, to make a line of the log that nobody of us has written, or orders to a terminal.
"""

import logging
import re
from typing import Final

FORMAT: Final = "%(levelname)s %(name)s: %(message)s"
SHOWN_DIGITS: Final = 2
_NUMBER: Final = re.compile(r"(?P<plus>\+|%2B)[0-9]{5,13}(?P<end>[0-9]{2})(?![0-9])", re.IGNORECASE)
"""An E.164 number (ITU-T E.164: 15 digits at most), as it is or in an address."""
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_INDENT: Final = "    "


def begin(level: int = logging.WARNING) -> None:
    """What goes wrong from now on is written to standard error."""
    logging.basicConfig(level=level, handlers=[handler()])


def handler() -> logging.Handler:
    """Writes to standard error as it is now."""
    writing = logging.StreamHandler()
    writing.setFormatter(OneLineEach(FORMAT))
    return writing


def without_numbers(text: str) -> str:
    """The text with the last two digits left of each telephone number: enough to tell two of them apart."""
    return _NUMBER.sub(r"\g<plus>…\g<end>", text)


def on_one_line(text: str) -> str:
    """The text with its control characters written out: ``\\n`` for a line break."""
    return _CONTROL.sub(lambda each: each[0].encode("unicode_escape").decode(), text)


class OneLineEach(logging.Formatter):
    """Each message is one line, and only lines of a traceback below it are indented."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The message, whatever came from outside."""
        return without_numbers(on_one_line(super().formatMessage(record)))

    def formatException(self, ei: object) -> str:
        """The traceback; the lines of an exception's own text cannot be taken for others."""
        lines = super().formatException(ei).split("\n")  # type: ignore[arg-type]
        return "\n".join(_INDENT + without_numbers(on_one_line(line)) for line in lines)
