"""libre, the SIP library inside the engine, asked for what baresip-python 0.5.2a3 has no way to: by its own functions.

baresip-python tells of messages from a queue, when they have long left. What is listened to here is told on the
engine's own thread *before* a message leaves, and before the engine understands one that has come: whoever takes it
holds the message up until they are done. Written for libre 4.10, whose functions the wheel exports.
"""

import ctypes
import logging
from collections.abc import Callable
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


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(_native.__file__)
    try:
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
