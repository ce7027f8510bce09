"""The forms on a file: what stands in each, and by which version it is known that nobody else has changed it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from console.people.versions import version_of
from contacts.models import Flag, Household, Relative, Resident
from contacts.name_readings import marked

Values = Mapping[str, str]


@dataclass(frozen=True)
class Form:
    """One form: the ``values`` of its fields, and the ``version`` that they are."""

    values: Values
    version: str


@dataclass(frozen=True)
class FileForms:
    """The forms of one file; ``relatives`` by their ids. ``choices`` are the flags that can be ticked."""

    details: Form
    flags: Form
    phones: Form
    door: Form
    relatives: Mapping[UUID, Form]
    choices: Sequence[str]


def file_forms(who: Resident, usual_flags: Collection[str]) -> FileForms:
    """What stands in the forms now."""
    carried = {each.flag for each in who.flags}
    own = sorted((carried | set(usual_flags)) - set(Flag))
    return FileForms(
        form(details_of(who)), form(flags_of(who)), form(phones_of(who)), form(door_of(who.household)),
        {each.id: form(relative_of(each)) for each in who.relatives}, [*Flag, *own],
    )  # fmt: skip


def form(values: Values) -> Form:
    """A form with these values."""
    return Form(values, version_of(values))


def details_of(who: Resident) -> Values:
    """Who somebody is, and how they are rung."""
    return {
        "name": who.name,
        "called": who.called,
        "reading": marked(who.reading),
        "birth_year": _text(who.birth_year),
        "language": who.language,
        "pace": _text(who.pace),
        "timbre": who.timbre,
        "call_time": f"{who.call_time:%H:%M}" if who.call_time else "",
        "notes": who.notes,
    }


def flags_of(who: Resident) -> Values:
    """Their flags, as one value."""
    return {"flags": ",".join(sorted(each.flag for each in who.flags))}


def phones_of(who: Resident) -> Values:
    """The first two telephones, E.164."""
    numbers = [each.number for each in who.phones]
    return {"phone": numbers[0] if numbers else "", "second_phone": numbers[1] if len(numbers) > 1 else ""}


def door_of(home: Household) -> Values:
    """The way into a home."""
    return {"access_notes": home.access_notes, "key_holder": home.key_holder,
            "key_holder_number": home.key_holder_number or ""}  # fmt: skip


def relative_of(relative: Relative) -> Values:
    """What is written down about a relative."""
    return {"name": relative.name, "number": relative.number, "relation": relative.relation, "email": relative.email,
            "language": relative.language, "wants": relative.wants}  # fmt: skip


def _text(value: object) -> str:
    return "" if value is None else str(value)
