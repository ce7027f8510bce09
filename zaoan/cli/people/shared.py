"""Telephones that several people have, as the commands name them."""

from collections.abc import Sequence

from contacts.queries_numbers import NumberInHomes, SharedNumber
from zaoan.checks.shared_telephones import homes_sentence, shared_sentence
from zaoan.terminal.common import say


def say_shared(shared: Sequence[SharedNumber], in_homes: Sequence[NumberInHomes]) -> None:
    """Names all who have a telephone together."""
    for sentence, gaps in (*map(shared_sentence, shared), *map(homes_sentence, in_homes)):
        say(sentence, **gaps)
