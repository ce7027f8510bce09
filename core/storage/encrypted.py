"""Column types that are encrypted at rest: models read and write plain values, and the database keeps none of them.

What is encrypted twice is never the same, so it cannot be compared, sorted or searched: a query that tries it fails
when it is written, instead of finding nothing. Telephone numbers and names of places are always kept the same, and are
looked up. An empty text stays empty: that nothing was noted is no secret.
"""

from abc import abstractmethod
from typing import Any, ClassVar, NoReturn, TypeVar

from sqlalchemy import JSON, Dialect, LargeBinary, String
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator, TypeEngine

from core.encryption import key_ring, lookup_key

_Plain = TypeVar("_Plain")
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


class _Encrypted(TypeDecorator[_Plain]):
    """Models read and write ``plain``; None stays None, and empty stays empty. Reading raises ``UnreadableError``."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = String
    cache_ok = True
    comparator_factory = _Incomparable
    plain: ClassVar[type]

    @property
    def python_type(self) -> type[_Plain]:
        """What models read and write."""
        return self.plain

    def process_bind_param(self, value: _Plain | None, dialect: Dialect) -> Any:
        """Encrypts."""
        return self._sealed(value) if value else value

    def process_result_value(self, value: Any, dialect: Dialect) -> _Plain | None:
        """Decrypts."""
        return self._opened(value) if value else value

    @abstractmethod
    def _sealed(self, plain: _Plain) -> Any:
        """As the database keeps it."""

    @abstractmethod
    def _opened(self, kept: Any) -> _Plain:
        """As models have it."""


class _WithDataKey(_Encrypted[str]):
    """A text, encrypted with the newest data key."""

    plain = str

    def _sealed(self, plain: str) -> str:
        return key_ring.current().sealed(plain)

    def _opened(self, kept: str) -> str:
        return key_ring.current().opened(kept)


class EncryptedText(_WithDataKey):
    """A text that is kept encrypted."""

    cache_ok = True


class EncryptedDocument(_WithDataKey):
    """A JSON document as it is written, kept encrypted in a column of JSON: as one text, which only its key reads."""

    impl = JSON
    cache_ok = True


class EncryptedBytes(_Encrypted[bytes]):
    """Bytes that are kept encrypted, a twentieth of a kilobyte longer."""

    impl = LargeBinary
    cache_ok = True
    plain = bytes

    def _sealed(self, plain: bytes) -> bytes:
        return key_ring.current().sealed_bytes(plain)

    def _opened(self, kept: bytes) -> bytes:
        return key_ring.current().opened_bytes(bytes(kept))


class EncryptedNumber(_Encrypted[str]):
    """A telephone number, kept encrypted with the look-up key: the same one is the same, and can be looked up."""

    cache_ok = True
    comparator_factory = _OnlyTheSame
    plain = str

    def _sealed(self, plain: str) -> str:
        return lookup_key.current().numbers.sealed(plain)

    def _opened(self, kept: str) -> str:
        return lookup_key.current().numbers.opened(kept)


class EncryptedPlace(_Encrypted[str]):
    """The name of an area or a room, kept encrypted with the look-up key."""

    cache_ok = True
    comparator_factory = _OnlyTheSame
    plain = str

    def _sealed(self, plain: str) -> str:
        return lookup_key.current().places.sealed(plain)

    def _opened(self, kept: str) -> str:
        return lookup_key.current().places.opened(kept)


class EncryptedNumbers(_Encrypted[list[str]]):
    """A JSON list of telephone numbers, each encrypted as by itself."""

    impl = JSON
    cache_ok = True
    plain = list

    def _sealed(self, plain: list[str]) -> list[str]:
        return [lookup_key.current().numbers.sealed(each) for each in plain]

    def _opened(self, kept: list[str]) -> list[str]:
        return [lookup_key.current().numbers.opened(each) for each in kept]


ENCRYPTED = (EncryptedText, EncryptedDocument, EncryptedBytes)
"""What is encrypted with data keys; numbers have a key of their own, which is."""
