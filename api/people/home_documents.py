"""Homes and areas as documents, and what is sent about them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.people.bodies import Body, HomeBody, Text, Words
from api.people.documents import Home, home_document
from contacts import queries
from contacts.homes.household_changes import Door
from contacts.models import Area, AreaKind, Household
from contacts.profiles import area_written
from contacts.queries import dwellings


class HouseholdDocument(BaseModel):
    """One home."""

    model_config = ConfigDict(title="Household")

    id: UUID
    home: Home
    people: int = Field(description="How many residents who are looked after live there.", examples=[2])
    residents: list[UUID] = Field(description="Who they are; empty in a list of homes.")
    access_notes: str | None = Field(description="The way into it; null in a list of homes.")
    key_holder: str | None = Field(description="Who else has a key; null in a list.", examples=["对门李阿姨"])
    key_holder_telephone: str | None = Field(description="E.164; null in a list.", examples=["+8613800138000"])


class AreaDocument(BaseModel):
    """A node of the tree: the community, a grid, a building or a unit. Rooms are homes, which lie in it."""

    model_config = ConfigDict(title="Area")

    id: UUID
    parent_id: UUID | None = Field(description="In what it lies; null for the community.")
    kind: AreaKind
    name: str = Field(examples=["3"])
    written: str = Field(description="As people write it.", examples=["3号楼"])


class DoorFields(Body):
    """What may be told of the way into a home; an empty text, or null, empties it."""

    access_notes: Text | None = Field(None, examples=["钥匙在对门"])
    key_holder: Words | None = Field(None, examples=["对门李阿姨"])
    key_holder_phone: Words | None = Field(None, examples=["138 0013 8000"])


class NewHousehold(DoorFields):
    """A home in which nobody lives yet."""

    home: HomeBody


class HouseholdMove(DoorFields):
    """Where they live from now on, and the way in there."""

    home: HomeBody


class HouseholdSplit(HouseholdMove):
    """Who moves out (at least one stays), where to, and the way in there."""

    residents: list[UUID] = Field(min_length=1, max_length=50)


class HouseholdMerge(Body):
    """The other home, whose people live in this one from now on."""

    household_id: UUID


class NewArea(Body):
    """An area that is not written down yet."""

    kind: AreaKind = Field(examples=["grid"])
    name: Words = Field(examples=["第二网格"])
    parent_id: UUID | None = Field(None, description="In what it lies; the community where it is not told.")


class AreaChange(Body):
    """Another name for it."""

    name: Words = Field(examples=["第三网格"])


class AreaMove(Body):
    """In what it lies from now on."""

    parent_id: UUID


def door(body: DoorFields) -> Door:
    """What was told of the way in."""
    told = {what: value or "" for what, value in body.model_dump(include=set(DoorFields.model_fields),
                                                                 exclude_unset=True).items()}  # fmt: skip
    found = Door()
    if "access_notes" in told:
        found["access_notes"] = told["access_notes"]
    if "key_holder" in told:
        found["key_holder"] = told["key_holder"]
    if "key_holder_phone" in told:
        found["key_holder_number"] = told["key_holder_phone"]
    return found


def household_lines(session: Session, homes: Sequence[Household]) -> list[HouseholdDocument]:
    """Many homes of one community; a fixed number of statements."""
    tree = queries.areas(session, homes[0].community_id) if homes else {}
    people = dwellings.counts_of_people(session, [each.id for each in homes])
    nothing: dict[str, Any] = {"residents": [], "access_notes": None, "key_holder": None, "key_holder_telephone": None}
    return [HouseholdDocument(id=each.id, home=home_document(each, tree), people=people.get(each.id, 0), **nothing)
            for each in homes]  # fmt: skip


def household_file(session: Session, home: Household) -> HouseholdDocument:
    """One home, with who lives there and the way into it."""
    people = dwellings.people_at(session, home.id)
    return HouseholdDocument(
        id=home.id, home=home_document(home, queries.areas(session, home.community_id)), people=len(people),
        residents=[each.id for each in people], access_notes=home.access_notes, key_holder=home.key_holder,
        key_holder_telephone=home.key_holder_number,
    )  # fmt: skip


def area_documents(session: Session, areas: Sequence[Area]) -> list[AreaDocument]:
    """Many areas of one community."""
    tree = queries.areas(session, areas[0].community_id) if areas else {}
    return [area_document(each, tree) for each in areas]


def area_document(area: Area, tree: Mapping[UUID, Area]) -> AreaDocument:
    """One area; ``tree`` holds those around it."""
    return AreaDocument(id=area.id, parent_id=area.parent_id, kind=area.kind, name=area.name,
                        written=area_written(area, tree).chinese)  # fmt: skip
