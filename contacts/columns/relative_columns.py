"""Relative columns: those of one kind of relative, such as 女儿电话 and 儿子姓名, which say the relation themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contacts.columns.fields import MOST_RELATIVES, Column, Field
from contacts.columns.relations import headed
from contacts.files.sheets import Row
from core.errors import UserError


@dataclass(frozen=True)
class RelativeColumns:
    """Where such columns stand, who the relatives of each number are, and what is written above.

    ``unread`` are the places of those that name somebody without a telephone, or one relative too many.
    """

    places: Mapping[Column, int] = field(default_factory=dict)
    relations: Mapping[int, str] = field(default_factory=dict)
    headers: Mapping[Column, str] = field(default_factory=dict)
    unread: Sequence[int] = ()


def relative_columns(header: Row, known: Mapping[Column, int], places: Sequence[int]) -> RelativeColumns:
    """What stands at these places of the headers, each kind of relative under a number of its own behind those that
    are ``known``; raises ``UserError`` for a header that appears twice."""
    found: dict[tuple[str, str], dict[Field, int]] = {}
    for place in places:
        if of := headed(header.cells[place]):
            columns = found.setdefault((of.word, of.number), {})
            if of.field in columns:
                raise UserError("The column “{value}” appears twice.", way_out="Keep one of them.", field="column",
                                value=header.cells[place])  # fmt: skip
            columns[of.field] = place
    last = max((column.number for column in known if column.field is Field.RELATIVE_PHONE), default=0)
    read: dict[Column, int] = {}
    relations = _relations_of(header, known)
    for (word, _), columns in found.items():
        if Field.RELATIVE_PHONE in columns and last < MOST_RELATIVES:
            last += 1
            relations[last] = word
            read |= {Column(name, last): place for name, place in columns.items()}
    unread = [place for columns in found.values() for place in columns.values() if place not in read.values()]
    return RelativeColumns(read, relations, {column: header.cells[place] for column, place in read.items()}, unread)


def _relations_of(header: Row, known: Mapping[Column, int]) -> dict[int, str]:
    """Who the relatives of columns are that have headers of ours, such as 子女电话."""
    phones = {column: place for column, place in known.items() if column.field is Field.RELATIVE_PHONE}
    return {column.number: of.word for column, place in phones.items() if (of := headed(header.cells[place]))}
