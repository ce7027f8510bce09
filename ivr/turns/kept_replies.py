"""Replies as turns keep them: packed, because nearly all of each stands in every other one, too."""

import zlib
from uuid import UUID

from ivr.provider.boilerplate import NEWEST, WORDS


def packed(reply: str, call_id: UUID) -> bytes:
    """As a turn of this call keeps it."""
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS, zdict=_words(NEWEST, call_id))
    return bytes([NEWEST]) + packing.compress(reply.encode()) + packing.flush()


def unpacked(kept: bytes | str, call_id: UUID) -> str:
    """The reply, also one that was kept as it was written."""
    if isinstance(kept, str):
        return kept
    if not kept or kept[0] not in WORDS:
        return kept.decode()
    packing = zlib.decompressobj(wbits=-zlib.MAX_WBITS, zdict=_words(kept[0], call_id))
    return (packing.decompress(kept[1:]) + packing.flush()).decode()


def _words(number: int, call_id: UUID) -> bytes:
    """Most of each reply, and the address of its call."""
    return WORDS[number] + str(call_id).encode()
