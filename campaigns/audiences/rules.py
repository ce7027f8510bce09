"""Rules of audiences: a small tagged union, kept as a document with a version.

A rule says of a resident yes or no, never "unknown": who has no birth year is of no known age, and ``not`` turns every
no into a yes.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from campaigns.kept_documents import first_mistake, frozen, shown
from core.errors import UserError
from core.i18n import Language

VERSION = 1
OLDEST = 130
MOST_PARTS, DEEPEST, MOST_VALUES = 100, 12, 500


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Everyone(_Part):
    """Every resident."""

    kind: Literal["everyone"] = "everyone"


class Flagged(_Part):
    """Who carries at least one of these flags."""

    kind: Literal["flags"] = "flags"
    any_of: tuple[str, ...] = Field(max_length=MOST_VALUES)


class Aged(_Part):
    """Who turns at least ``least`` and at most ``most`` this year.

    Of whoever has no birth year the flags ``aged_80`` and ``aged_90`` say what they are at least.
    """

    kind: Literal["age"] = "age"
    least: int | None = Field(default=None, ge=0, le=OLDEST)
    most: int | None = Field(default=None, ge=0, le=OLDEST)

    @model_validator(mode="after")
    def _is_a_span(self) -> Self:
        if self.least is None and self.most is None:
            raise ValueError("least or most is needed")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError("least is above most")
        return self


class LivesIn(_Part):
    """Who lives in one of these areas, or in an area inside one."""

    kind: Literal["areas"] = "areas"
    any_of: tuple[UUID, ...] = Field(max_length=MOST_VALUES)


class Speaks(_Part):
    """Whose language is one of these."""

    kind: Literal["languages"] = "languages"
    any_of: tuple[Language, ...] = Field(max_length=MOST_VALUES)


class OnList(_Part):
    """Who is on this list of the community's own."""

    kind: Literal["list"] = "list"
    list_id: UUID


class InRound(_Part):
    """Who was asked in a round and has, or has not, answered.

    The round is ``round_id``, or the latest one of ``campaign_id``. Who was excused from it has neither.
    """

    kind: Literal["round"] = "round"
    answered: bool
    round_id: UUID | None = None
    campaign_id: UUID | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.round_id is None) == (self.campaign_id is None):
            raise ValueError("either round_id or campaign_id is needed")
        return self


class AnyOf(_Part):
    """Who meets at least one of these; nobody meets none."""

    kind: Literal["any"] = "any"
    of: tuple["Rule", ...] = Field(max_length=MOST_PARTS)


class AllOf(_Part):
    """Who meets each of these; everybody meets none."""

    kind: Literal["all"] = "all"
    of: tuple["Rule", ...] = Field(max_length=MOST_PARTS)


class Not(_Part):
    """Who does not meet this."""

    kind: Literal["not"] = "not"
    of: "Rule"


Rule = Annotated[
    Everyone | Flagged | Aged | LivesIn | Speaks | OnList | InRound | AnyOf | AllOf | Not, Field(discriminator="kind")
]
EVERYONE = Everyone()
for _each in (AnyOf, AllOf, Not):
    _each.model_rebuild()
_RULE: TypeAdapter[Rule] = TypeAdapter(Rule)


def document(rule: Rule) -> dict[str, Any]:
    """The rule as it is stored."""
    return {"version": VERSION, "rule": rule.model_dump(mode="json", exclude_none=True)}


def parsed(written: object) -> Rule:
    """The rule of a document; raises ``UserError`` that names the part that is wrong."""
    if not isinstance(written, Mapping) or written.get("version") != VERSION or set(written) != {"version", "rule"}:
        raise UserError(
            "This is not a rule for an audience: {value}.",
            way_out='Write {{"version": {version}, "rule": {{"kind": "everyone"}}}}, with any rule.',
            field="audience", value=shown(written), version=VERSION,
        )  # fmt: skip
    _refuse_large(written["rule"])
    try:
        return _RULE.validate_python(frozen(written["rule"]))
    except ValidationError as wrong:
        where, value = first_mistake(wrong, "rule")
        raise UserError(
            "The rule for the audience is wrong at {where}: {value}.",
            way_out="Look at docs/campaigns.md for what may stand there.",
            field="audience", value=value, where=where,
        ) from wrong  # fmt: skip


def of_flags(flags: tuple[str, ...] | list[str] | None) -> Rule:
    """The rule for whoever carries one of these flags; None: everybody."""
    return EVERYONE if flags is None else Flagged(any_of=tuple(flags))


def flags_of(rule: Rule) -> list[str] | None:
    """The flags that a rule names, each once, in order; None where it names none."""
    named = [flag for each in parts(rule) if isinstance(each, Flagged) for flag in each.any_of]
    return list(dict.fromkeys(named)) or None


def parts(rule: Rule) -> Iterator[Rule]:
    """The rule and every rule inside it, the outer before the inner."""
    yield rule
    if isinstance(rule, AnyOf | AllOf):
        for each in rule.of:
            yield from parts(each)
    elif isinstance(rule, Not):
        yield from parts(rule.of)


def _refuse_large(written: object) -> None:
    """What is nested without end is refused before anything walks through it."""
    waiting, seen = [(written, 1)], 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        if depth > DEEPEST or seen > MOST_PARTS:
            raise UserError(
                "The rule for the audience is too long.",
                way_out="Use at most {parts} parts, {depth} inside one another; make a list of residents for more.",
                field="audience", value=str(seen), parts=MOST_PARTS, depth=DEEPEST,
            )  # fmt: skip
        inner = part.get("of") if isinstance(part, Mapping) else None
        waiting += [(each, depth + 1) for each in (inner if isinstance(inner, list | tuple) else [inner])
                    if each is not None]  # fmt: skip
