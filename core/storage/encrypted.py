"""Column types that are encrypted at rest: models read and write plain values, and the database keeps none of them.

What is encrypted twice is never the same, so it cannot be compared, sorted or searched: a query that tries it fails
when it is written, instead of finding nothing. An empty text stays empty: that nothing was noted is no secret.
"""

from typing import Any, NoReturn

from sqlalchemy import JSON, Dialect, LargeBinary, String
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator

from core.encryption import key_ring


class _Incomparable(TypeDecorator.Comparator[Any]):
    """Whether something is there can be asked, and nothing else."""

    def operate(self, op: Any, *other: Any, **options: Any) -> Any:
        """Only IS NULL and IS NOT NULL."""
        if op in {operators.is_, operators.is_not} or (op in {operators.eq, operators.ne} and other == (None,)):
            return super().operate(op, *other, **options)
        return self._refuse()

    def reverse_operate(self, op: Any, other: Any, **options: Any) -> Any:
        """Never."""
        return self._refuse()

    def _refuse(self) -> NoReturn:
        raise TypeError(f"{self.expr} is encrypted: it cannot be compared, sorted or searched")


class EncryptedText(TypeDecorator[str]):
    """A text that is kept encrypted; None stays None, and empty stays empty."""

    impl = String
    cache_ok = True
    comparator_factory = _Incomparable

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypts with the newest key."""
        return key_ring.current().sealed(value) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypts; raises ``UnreadableError``."""
        return key_ring.current().opened(value) if value else value


class EncryptedDocument(TypeDecorator[str]):
    """A JSON document as it is written, kept encrypted in a column of JSON: as one text, which only its key reads."""

    impl = JSON
    cache_ok = True
    comparator_factory = _Incomparable

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypts with the newest key."""
        return key_ring.current().sealed(value) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypts; raises ``UnreadableError``."""
        return key_ring.current().opened(value) if value else value


class EncryptedBytes(TypeDecorator[bytes]):
    """Bytes that are kept encrypted, a twentieth of a kilobyte longer; None stays None."""

    impl = LargeBinary
    cache_ok = True
    comparator_factory = _Incomparable

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Encrypts with the newest key."""
        return key_ring.current().sealed_bytes(value) if value else value

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Decrypts; raises ``UnreadableError``."""
        return key_ring.current().opened_bytes(bytes(value)) if value else value


ENCRYPTED = (EncryptedText, EncryptedDocument, EncryptedBytes)
