"""The log: what the telephones saw, heard and did, one JSON object a line. Several processes append to one file."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path


class Log:
    """Each entry has real UTC time in ``at``, the event, the SIP Call-ID in ``call`` and the telephone's ``number``.

    ``invited`` (with the ``session`` of RFC 7989 and the ``stack`` that takes it), ``rings us``, ``answered`` (``by``
    a person or a machine), ``words`` (they begin to be heard), ``silent`` (a question went by unanswered), ``key``,
    ``hangs up`` (``who``: a person, a machine, or somebody who is tired of hearing nothing), ``ended`` (``by`` person,
    service or network; ``status``: of a call that nobody has answered), ``fault``.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(self, event: str, call: str, number: str, **fields: object) -> None:
        """Appends one entry, whole."""
        at = datetime.now(UTC).isoformat(timespec="microseconds")
        entry = {"at": at, "event": event, "call": call, "number": number, **fields}
        os.write(self._descriptor, json.dumps(entry, ensure_ascii=False).encode() + b"\n")
