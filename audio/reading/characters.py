"""Which characters are Chinese."""

from typing import Final

HAN: Final = "\u3400-\u9fff〇\U00020000-\U000323af"
"""The inside of a character class of a regular expression: the first plane, and the rare ones beyond it."""
