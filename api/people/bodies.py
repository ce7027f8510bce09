"""What is sent about people; everything may be as people write it, and is checked by the use cases."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from contacts.models import PhoneState, Removal

NO_NUL = r"^[^\x00]*$"
"""PostgreSQL keeps no NUL in a text."""
Words = Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]
Text = Annotated[str, StringConstraints(max_length=4000, pattern=NO_NUL)]


class Body(BaseModel):
    """Whatever is sent has no other fields than these: a field that is spelt wrongly is refused, not forgotten."""

    model_config = ConfigDict(extra="forbid")


class HomeBody(Body):
    """A home by its parts, or the whole `address` in one text; `unit` is 无 (none) where the building has units."""

    building: Words = Field("", examples=["3号楼"])
    unit: Words = Field("", examples=["2单元"])
    room: Words = Field("", examples=["501"])
    address: Words = Field("", examples=[""])


class ResidentFields(Body):
    """What may be told of a resident; null empties what may be empty."""

    called: Words | None = Field(None, examples=["王奶奶"])
    reading: Words | None = Field(None, description="How the family reads the name, in pinyin.", examples=[""])
    birth_year: int | None = Field(None, examples=[1941])
    language: Words | None = Field(None, examples=["zh-CN"])
    pace: int | None = Field(None, description="Characters or words a minute.", examples=[None])
    voice: Words | None = Field(None, examples=["usual"])
    call_time: Words | None = Field(None, examples=["09:30"])
    notes: Text | None = Field(None, examples=["腿脚不便"])
    flags: list[Words] | None = Field(None, max_length=50, examples=[["独居", "80岁以上"]])
    second_phone: Words | None = Field(None, examples=[""])
    access_notes: Text | None = Field(None, examples=["钥匙在对门"])


class RelativeFields(Body):
    """What may be told of a relative."""

    relation: Words | None = Field(None, examples=["女儿"])
    email: Words | None = Field(None, description="Empty for none.", examples=["wangli@example.org"])
    language: Words | None = Field(None, examples=["zh-CN"])
    wants: Words | None = Field(None, examples=["problems"])


class NewRelative(RelativeFields):
    """A relative who is not written down yet."""

    name: Words = Field(examples=["王丽"])
    phone: Words = Field(examples=["138 0013 8000"])


class RelativeChange(RelativeFields):
    """What is different about a relative from now on; what is not told stays."""

    name: Words | None = Field(None, examples=["王丽"])
    phone: Words | None = Field(None, examples=["138 0013 8000"])


class LinkBody(Body):
    """How a relative is given the link to their page."""

    send: bool = Field(False, description="Send it to their telephone as a text.")


class NewResidentBody(ResidentFields):
    """A resident who is not enrolled yet."""

    name: Words = Field(examples=["王桂兰"])
    phone: Words = Field(examples=["0311-86000101"])
    home: HomeBody
    consent: Words = Field(
        "", description="How and when they have agreed to be called; without it they are never rung.",
        examples=["签字表 2026-11-01"],
    )  # fmt: skip
    relatives: list[NewRelative] = Field(default_factory=list, max_length=20)


class ResidentChange(ResidentFields):
    """What is different about a resident from now on; what is not told stays. With `home` they move."""

    name: Words | None = Field(None, examples=["王桂兰"])
    phone: Words | None = Field(None, examples=["0311-86000101"])
    home: HomeBody | None = Field(None, examples=[None])


class PauseBody(Body):
    """Days of community time, both included; without a `last_day` until somebody ends it."""

    first_day: date | None = Field(None, description="Today where it is not told.", examples=["2026-12-01"])
    last_day: date | None = Field(None, examples=["2026-12-05"])
    reason: Words = Field("", examples=["在女儿家"])


class ResumeBody(Body):
    """Whether absences that lie ahead go as well."""

    planned_too: bool = False


class RemovalBody(Body):
    """Why somebody is looked after no more; `other` needs a `note`."""

    because: Removal = Field(examples=["moved_away"])
    note: Text = Field("", examples=["搬到儿子家"])


class ErasureBody(Body):
    """Why all that is known of somebody is erased; the `reason` is kept, and does not say who it was."""

    reason: Words = Field(min_length=1, examples=["written request 2026-17"])


class ConsentBody(Body):
    """That they agree to be called (`given`), or wish no calls: who said so, and how."""

    given: bool
    by: Words = Field(examples=["本人"])
    how: Words = Field(examples=["签字表 2026-11-01"])
    at: AwareDatetime | None = Field(None, description="When they agreed; now where it is not told.",
                                     examples=["2026-11-01T09:30:00+08:00"])  # fmt: skip
    for_what: Words = Field("", description="What they agreed to.", examples=["每日电话问候"])
    evidence: Words = Field("", description="Where it can be seen.", examples=["档案柜 3-12"])


class PhoneStateBody(Body):
    """Whether a telephone of theirs may be rung; only a `good` one is."""

    phone: Words = Field(examples=["0311-86000101"])
    state: PhoneState = Field(examples=["out_of_service"])
    since: AwareDatetime | None = Field(None, description="Since when it is so; now where it is not told.",
                                        examples=[None])  # fmt: skip


class HealthBody(Body):
    """What is known of their health; empty for nothing."""

    notes: Text = Field(examples=["装有心脏起搏器"])


class ResponderFields(Body):
    """What may be told of a responder; an empty text empties what may be empty."""

    second_phone: Words | None = Field(None, examples=[""])
    areas: Words | None = Field(None, description="Empty for the whole community.", examples=["3号楼、5号楼2单元"])
    language: Words | None = Field(None, examples=["zh-CN"])
    email: Words | None = Field(None, examples=[""])
    chat_address: Words | None = Field(None, examples=[""])
    languages: Words | None = Field(None, description="What they speak besides `language`.", examples=["粤语、本地话"])
    skills: Words | None = Field(None, description="What they can do.", examples=["first aid, driving"])
    pin: Words | None = Field(None, description="What they type when they ring in, 6 to 10 digits.", examples=[""])


class NewResponder(ResponderFields):
    """Somebody who is not written down yet."""

    name: Words = Field(examples=["石磊"])
    role: Words = Field(examples=["volunteer"])
    phone: Words = Field(examples=["137 0000 0030"])


class ResponderChange(ResponderFields):
    """What is different about a responder from now on; what is not told stays."""

    name: Words | None = Field(None, examples=["石磊"])
    role: Words | None = Field(None, examples=["volunteer"])
    phone: Words | None = Field(None, examples=["137 0000 0030"])
