"""Column types that are encrypted at rest: models read and write plain values, and the database keeps none of them.

What is encrypted twice is never the same, so it cannot be compared, sorted or searched: a query that tries it fails
when it is written, instead of finding nothing. Telephone numbers and names of places are always kept the same, and are
looked up. An empty text stays empty: that nothing was noted is no secret.
"""

from typing import Any, NoReturn

from sqlalchemy import JSON, Dialect, LargeBinary, String
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator

from core.encryption import key_ring, lookup_key

_IS = frozenset({operators.is_, operators.is_not})
_SAME = _IS | {operators.eq, operators.ne, operators.in_op, operators.not_in_op, operators.distinct_op}


class _Incomparable(TypeDecorator.Comparator[Any]):
    """Whether something is there can be asked, and nothing else."""

    def operate(self, op: Any, *other: Any, **options: Any) -> Any:
        """Only IS NULL and IS NOT NULL."""
        if op in _IS or (op in {operators.eq, operators.ne} and other == (None,)):
            return super().operate(op, *other, **options)
        return self._refuse()

    def reverse_operate(self, op: Any, other: Any, **options: Any) -> Any:
        """Never."""
        return self._refuse()

    def _refuse(self) -> NoReturn:
        raise TypeError(f"{self.expr} is encrypted: it cannot be compared, sorted or searched")


class _OnlyTheSame(_Incomparable):
    """Whether two are the same can be asked as well, and how many different ones there are."""

    def operate(self, op: Any, *other: Any, **options: Any) -> Any:
        """Only what asks for sameness."""
        return TypeDecorator.Comparator.operate(self, op, *other, **options) if op in _SAME else self._refuse()

    def reverse_operate(self, op: Any, other: Any, **options: Any) -> Any:
        """Likewise."""
        same = op in {operators.eq, operators.ne}
        return TypeDecorator.Comparator.reverse_operate(self, op, other, **options) if same else self._refuse()


class EncryptedText(TypeDecorator[str]):
    """A text that is kept encrypted; None stays None, and empty stays empty."""

    impl = String
    cache_ok = True
    comparator_factory = _Incomparable

    @property
    def python_type(self) -> type[str]:
        """What models read and write."""
        return str

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

    @property
    def python_type(self) -> type[str]:
        """What models read and write."""
        return str

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

    @property
    def python_type(self) -> type[bytes]:
        """What models read and write."""
        return bytes

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Encrypts with the newest key."""
        return key_ring.current().sealed_bytes(value) if value else value

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Decrypts; raises ``UnreadableError``."""
        return key_ring.current().opened_bytes(bytes(value)) if value else value


class EncryptedNumber(TypeDecorator[str]):
    """A telephone number, kept encrypted with the look-up key: the same one is the same, and can be looked up."""

    impl = String
    cache_ok = True
    comparator_factory = _OnlyTheSame

    @property
    def python_type(self) -> type[str]:
        """What models read and write."""
        return str

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypts."""
        return value if value is None else lookup_key.current().numbers.sealed(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypts; raises ``UnreadableError``."""
        return value if value is None else lookup_key.current().numbers.opened(value)


class EncryptedPlace(TypeDecorator[str]):
    """The name of an area or a room, kept encrypted with the look-up key."""

    impl = String
    cache_ok = True
    comparator_factory = _OnlyTheSame

    @property
    def python_type(self) -> type[str]:
        """What models read and write."""
        return str

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypts."""
        return value if value is None else lookup_key.current().places.sealed(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypts; raises ``UnreadableError``."""
        return value if value is None else lookup_key.current().places.opened(value)


class EncryptedNumbers(TypeDecorator[list[str]]):
    """A JSON list of telephone numbers, each encrypted as by itself."""

    impl = JSON
    cache_ok = True
    comparator_factory = _Incomparable

    @property
    def python_type(self) -> type[list[str]]:
        """What models read and write."""
        return list

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> list[str] | None:
        """Encrypts each."""
        return [lookup_key.current().numbers.sealed(each) for each in value] if value else value

    def process_result_value(self, value: list[str] | None, dialect: Dialect) -> list[str] | None:
        """Decrypts each; raises ``UnreadableError``."""
        return [lookup_key.current().numbers.opened(each) for each in value] if value else value


ENCRYPTED = (EncryptedText, EncryptedDocument, EncryptedBytes)
"""What is encrypted with data keys; numbers have a key of their own, which is."""
