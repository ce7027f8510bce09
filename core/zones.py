"""Time zones: the data pinned beside this code decide when eight o'clock is, on every machine alike.

Python prefers the machine's own files (``/usr/share/zoneinfo``, ``PYTHONTZPATH``), which may be years old: with
those of 2025b an installation in Vancouver rings an hour late in the winter of 2026/27. Importing anything of ``core``
is what makes the pinned ones decide, so every process of ours goes by them.
"""

import zoneinfo

import tzdata


def use_pinned() -> None:
    """From now on, every ``ZoneInfo`` of this process is read from the pinned ``tzdata``."""
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()


def version() -> str:
    """The release of the IANA database that decides, for example ``2026f``."""
    return str(tzdata.IANA_VERSION)
