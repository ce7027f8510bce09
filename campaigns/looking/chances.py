"""The two chances by which a share is called unusual: exact, and by logarithms so that no number is too large."""

from collections.abc import Iterator
from math import exp, lgamma, log

_NEGLIGIBLE = 1e-18
"""Terms of a tail that are smaller than this, of its largest, change nothing."""


def binomial_tail(successes: int, trials: int, chance: float) -> float:
    """The chance of so many successes or more in independent trials; ``chance`` lies between 0 and 1, both excluded."""
    terms = (
        _log_choose(trials, each) + each * log(chance) + (trials - each) * log(1 - chance)
        for each in range(successes, trials + 1)
    )
    return _sum(terms)


def hypergeometric_tail(successes: int, drawn: int, all_successes: int, everybody: int) -> float:
    """The chance that of ``drawn`` people so many or more are among the ``all_successes`` of ``everybody``.

    That is Fisher's exact test, one-sided: whatever share of everybody there is, it is no more than by chance.
    """
    most = min(drawn, all_successes)
    fewest = max(successes, drawn - (everybody - all_successes))
    whole = _log_choose(everybody, drawn)
    return _sum(
        _log_choose(all_successes, each) + _log_choose(everybody - all_successes, drawn - each) - whole
        for each in range(fewest, most + 1)
    )


def _sum(logarithms: Iterator[float]) -> float:
    """Of terms that have one peak; what follows a negligible term after it is left out."""
    total = largest = 0.0
    for each in map(exp, logarithms):
        total, largest = total + each, max(largest, each)
        if each < largest * _NEGLIGIBLE:
            break
    return min(1.0, total)


def _log_choose(of: int, chosen: int) -> float:
    return lgamma(of + 1) - lgamma(chosen + 1) - lgamma(of - chosen + 1)
