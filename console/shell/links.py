"""Links out of the console that only the entrance knows."""

from urllib.parse import quote

_exchange_page: str | None = None


def set_exchange_page(url: str | None) -> None:
    """From now on the simulated telephones are at ``url``; None when there are none to see."""
    global _exchange_page
    _exchange_page = url.rstrip("/") if url else None


def exchange_page() -> str | None:
    """The address of the exchange's page, without a slash at its end."""
    return _exchange_page


def telephone(number: str) -> str | None:
    """The page of the simulated telephone with this number (E.164); None when there are none to see."""
    return f"{_exchange_page}/telephones/{quote(number, safe='')}" if _exchange_page else None
