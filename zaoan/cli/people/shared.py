"""What the commands about people share: telephones that several people have, and options named in refusals."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy.orm import Session

from contacts.file_labels import label_of
from contacts.phones import PhoneError
from contacts.queries import numbers as queries_numbers
from contacts.queries.numbers import NumberInHomes, SharedNumber
from core import settings
from core.changes import Changed
from core.errors import UserError
from core.i18n import translate
from zaoan.checks.telephony.shared_telephones import homes_sentence, shared_sentence
from zaoan.cli.people import resident_words as words
from zaoan.terminal.common import say


def say_shared(shared: Sequence[SharedNumber], in_homes: Sequence[NumberInHomes]) -> None:
    """Names all who have a telephone together."""
    for sentence, gaps in (*map(shared_sentence, shared), *map(homes_sentence, in_homes)):
        say(sentence, **gaps)


def shared_with(
    session: Session, community_id: UUID, numbers: Collection[str]
) -> tuple[Sequence[SharedNumber], Sequence[NumberInHomes]]:
    """Which of these telephones (E.164) somebody else has as well."""
    return (
        [each for each in queries_numbers.shared_numbers(session, community_id) if each.number in numbers],
        [each for each in queries_numbers.numbers_in_several_homes(session, community_id) if each.number in numbers],
    )


def shared_document(shared: tuple[Sequence[SharedNumber], Sequence[NumberInHomes]]) -> dict[str, object]:
    """The same, for programs."""
    both, in_homes = ([vars(each) for each in found] for found in shared)
    return {"shared_telephones": both, "telephones_in_several_homes": in_homes}


@contextmanager
def naming_options() -> Iterator[None]:
    """A telephone that is refused names the option in which it was written."""
    try:
        yield
    except PhoneError as wrong:
        said = wrong.describe(settings.current().language)
        option = f"--{wrong.field}".replace("_", "-")
        raise UserError("{option}: {said}", field=wrong.field, value=wrong.value, option=option, said=said) from wrong


def say_changes(name: str, changes: Sequence[Changed]) -> None:
    """What was changed, what it was and what it is now."""
    if not changes:
        say("{name}: nothing has changed.", name=name)
    for each in changes:
        label = translate(settings.current().language, label_of(each.what))
        say("{name}, {what}: {before} → {after}", name=name, what=label, before=words.value(each.what, each.before),
            after=words.value(each.what, each.after))  # fmt: skip


def changes_document(changes: Sequence[Changed]) -> list[dict[str, object]]:
    """The same, for programs."""
    return [{"what": each.what, "before": _plain(each.before), "after": _plain(each.after)} for each in changes]


def _plain(known: object) -> object:
    """Areas are Chinese, as in a spreadsheet."""
    return [_plain(each) for each in known] if isinstance(known, list) else getattr(known, "chinese", known)
