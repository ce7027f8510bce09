"""Which characters are Chinese."""

from typing import Final

HAN: Final = "\u3400-\u9fff〇"
"""The inside of a character class of a regular expression."""
