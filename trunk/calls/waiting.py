"""Waiting for whichever comes first."""

import asyncio
from typing import Any


async def first_of(*awaited: asyncio.Future[Any], seconds: float | None = None) -> None:
    """Returns when one of them is done, or after so many seconds; none of them is stopped."""
    await asyncio.wait(awaited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
