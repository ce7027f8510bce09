"""Free ports on this machine."""

import socket

MOST_TRIES = 100


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


def free_port_from(host: str, port: int) -> int:
    """``port``, or the next free one after it; raises ``OSError`` when a hundred in a row are taken."""
    for candidate in range(port, port + MOST_TRIES):
        if is_free(host, candidate):
            return candidate
    raise OSError(f"no free port from {port} on")


def any_free_port(host: str = "127.0.0.1") -> int:
    """Some free port."""
    with socket.socket() as trial:
        trial.bind((host, 0))
        return int(trial.getsockname()[1])
