"""Replies as turns keep them: packed, because nearly all of each stands in every other one, too."""

import re
import zlib
from collections.abc import Callable
from uuid import UUID

from ivr.provider.boilerplate import NEWEST, WORDS

Address = Callable[[str], str]
"""Where the provider finds the clip of a digest; see ``audio.clips.clip_addresses``."""
_WITH_CLIPS = 0x10
"""Added to the number of the words where clips stand by their digests alone, each after a NUL."""
_CLIP = re.compile(rb"https?://[^\"<>\s]+/([0-9a-f]{40})-[0-9a-f]+\.wav")
_KEPT_CLIP = re.compile(b"\0(.{20})", re.DOTALL)


def packed(reply: str, call_id: UUID, address: Address) -> bytes:
    """As a turn of this call keeps it."""
    text, number = reply.encode(), NEWEST
    if b"\0" not in text:
        text, number = _CLIP.sub(lambda found: _shortened(found, address), text), NEWEST | _WITH_CLIPS
    packing = zlib.compressobj(9, wbits=-zlib.MAX_WBITS, zdict=_words(NEWEST, call_id))
    return bytes([number]) + packing.compress(text) + packing.flush()


def unpacked(kept: bytes | str, call_id: UUID, address: Address) -> str:
    """The reply, also one that was kept as it was written; a clip of ours stands where it is found today."""
    if isinstance(kept, str):
        return kept
    if not kept or kept[0] & ~_WITH_CLIPS not in WORDS:
        return kept.decode()
    packing = zlib.decompressobj(wbits=-zlib.MAX_WBITS, zdict=_words(kept[0] & ~_WITH_CLIPS, call_id))
    text = packing.decompress(kept[1:]) + packing.flush()
    if kept[0] & _WITH_CLIPS:
        text = _KEPT_CLIP.sub(lambda found: address(found[1].hex()).encode(), text)
    return text.decode()


def _shortened(found: re.Match[bytes], address: Address) -> bytes:
    """An address that is not ours stays as it is."""
    is_ours = address(found[1].decode()).encode() == found[0]
    return b"\0" + bytes.fromhex(found[1].decode()) if is_ours else found[0]


def _words(number: int, call_id: UUID) -> bytes:
    """Most of each reply, and the address of its call."""
    return WORDS[number] + str(call_id).encode()
