"""libre, the SIP library inside the engine, asked for what baresip-python 0.5.2a3 has no way to: by its own functions.

baresip-python tells of messages from a queue, when they have long left. What is listened to here is told on the
engine's own thread *before* a message leaves, and before the engine understands one that has come: whoever takes it
holds the message up until they are done. Written for libre 4.10, whose functions the wheel exports.
"""

import ctypes
import logging
from collections.abc import Callable, Set
from dataclasses import dataclass
from itertools import count
from typing import Any

from baresip import _native

from trunk.sip.dialogs import Traced, traced

log = logging.getLogger(__name__)
TRANSPORTS = {0: "udp", 1: "tcp", 2: "tls"}
"""libre's ``enum sip_transp``."""
_ADDRESS_BYTES = 64
_Told = ctypes.CFUNCTYPE(
    None, ctypes.c_bool, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t,
    ctypes.c_void_p,
)  # fmt: skip
_LAYER_BEHIND_DECRYPTION = 100
"""SRTP is taken off at 10."""
_RTP_HEADER_BYTES = 12


class _Buffer(ctypes.Structure):
    """libre's ``struct mbuf``."""

    _fields_ = (
        ("start", ctypes.c_void_p),
        ("size", ctypes.c_size_t),
        ("position", ctypes.c_size_t),
        ("end", ctypes.c_size_t),
    )


_Received = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.POINTER(_Buffer), ctypes.c_size_t)


@dataclass(frozen=True)
class _Tap:
    types: Set[int]
    take: Callable[[bytes], None]


_taps: dict[int, _Tap] = {}
_numbers: dict[str, int] = {}
_count = count(1)
_kept: list[Any] = []
"""libre calls these for as long as the process lives."""


class MissingError(Exception):
    """The engine is of another make, without the functions that are needed here."""


def tell_messages(take: Callable[[Traced], None]) -> None:
    """Each SIP message, on the engine's thread, before it leaves or is understood; the engine has to be running.

    Raises ``MissingError``. What ``take`` raises is logged, and the message goes its way.
    """
    library = _library()

    def told(is_ours: bool, transport: int, source: int, to: int, packet: int, size: int, _: int | None) -> None:
        try:
            seen = traced(is_ours, TRANSPORTS.get(transport, ""), _address(library, to if is_ours else source),
                          ctypes.string_at(packet, size))  # fmt: skip
            if seen is not None:
                take(seen)
        except Exception:
            log.exception("a message could not be noted")

    handler = _Told(told)
    _kept.append(handler)
    library.sip_set_trace_handler(library.uag_sip(), handler)


def tell_no_messages() -> None:
    """Before the engine ends."""
    library = _library()
    library.sip_set_trace_handler(library.uag_sip(), _Told())


def tap(call_id: str, types: Set[int], take: Callable[[bytes], None]) -> bool:
    """Takes RTP packets of these payload types out of what a call receives; whether the call has sound yet.

    On the engine's thread, as ``take`` is, which gets them decrypted. ``types`` may grow meanwhile.
    """
    library = _library()
    if not (socket := _socket_of(library, call_id)):
        return False
    number = _numbers[call_id] = next(_count)
    _taps[number] = _Tap(types, take)
    failed = library.udp_register_helper(None, socket, _LAYER_BEHIND_DECRYPTION, None, _received, number)
    return not failed


def untap(call_id: str) -> None:
    """The call is over; its socket goes with it."""
    _taps.pop(_numbers.pop(call_id, 0), None)


def _take_out(_: int | None, buffer: Any, number: int) -> bool:
    """Whether the engine is not to see this packet; 50 of them come each second in each call."""
    if (known := _taps.get(number)) is None:
        return False
    whole = buffer.contents
    start, size = whole.start + whole.position, whole.end - whole.position
    if size < _RTP_HEADER_BYTES or ctypes.c_ubyte.from_address(start + 1).value & 0x7F not in known.types:
        return False
    try:
        known.take(ctypes.string_at(start, size))
    except Exception:
        log.exception("a key could not be told")
    return True


_received = _Received(_take_out)


def _socket_of(library: ctypes.CDLL, call_id: str) -> int | None:
    found = library.uag_call_find(call_id.encode())
    for inner in (library.call_audio, library.audio_strm, library.stream_rtp_sock, library.rtp_sock):
        found = found and inner(found)
    return found  # type: ignore[no-any-return]


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(_native.__file__)
    try:
        for name in ("call_audio", "audio_strm", "stream_rtp_sock", "rtp_sock"):
            function = getattr(library, name)
            function.restype, function.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
        library.uag_call_find.restype, library.uag_call_find.argtypes = ctypes.c_void_p, [ctypes.c_char_p]
        library.udp_register_helper.argtypes = [
            ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, _Received, ctypes.c_size_t,
        ]  # fmt: skip
        library.uag_sip.restype, library.uag_sip.argtypes = ctypes.c_void_p, []
        library.sip_set_trace_handler.restype = None
        library.sip_set_trace_handler.argtypes = [ctypes.c_void_p, _Told]
        library.sa_ntop.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
        library.sa_port.restype, library.sa_port.argtypes = ctypes.c_uint16, [ctypes.c_void_p]
    except AttributeError as failure:
        raise MissingError(f"this engine has no {failure}") from failure
    return library


def _address(library: ctypes.CDLL, pointer: int) -> str:
    """``host:port``; an IPv6 address in brackets."""
    text = ctypes.create_string_buffer(_ADDRESS_BYTES)
    library.sa_ntop(pointer, text, len(text))
    host = text.value.decode()
    return f"{f'[{host}]' if ':' in host else host}:{library.sa_port(pointer)}"
