"""Flags that were kept as they had been typed become the keys of the vocabulary"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_SPELLINGS = {
    "lives_alone": "独居 独自居住 一个人住 单独居住 lives|alone living|alone live|alone alone",
    "empty_nest": "空巢 empty|nest empty|nester",
    "aged_80": "80岁以上 高龄 80以上 80周岁以上 80岁及以上 八十岁以上 八十以上 八旬 80岁 80岁+ aged|80+ 80+ over|80 aged|80",
    "aged_90": "90岁以上 90以上 90周岁以上 90岁及以上 九十岁以上 九十以上 九旬 90岁 90岁+ aged|90+ 90+ over|90 aged|90",
    "disabled": "残疾 残障 失能 disabled disability",
    "chronic_illness": "慢性病 慢病 慢性疾病 chronic|illness chronically|ill chronic|disease",
    "hard_of_hearing": "听力不好 听力差 听力障碍 听不清 耳背 耳聋 重听 hard|of|hearing hearing|impaired",
    "newly_discharged": "新出院 刚出院 newly|discharged just|discharged",
    "cannot_press_keys": "不会按键 不能按键 cannot|press|keys",
}
_KEYS = {word.replace("|", " "): key for key, words in _SPELLINGS.items() for word in words.split()}
_OF_PEOPLE = re.compile(r"的?(?:老人|老年人|长者|老年|家庭|户|患者|病人|人士|人群|人员|人|者)$")

_campaigns = sa.table("campaigns", sa.column("id", sa.Uuid()), sa.column("flags", sa.JSON(none_as_null=True)))
_carried = sa.table("resident_flags", sa.column("resident_id", sa.Uuid()), sa.column("flag", sa.String()))


def upgrade() -> None:
    connection = op.get_bind()
    for campaign_id, flags in connection.execute(sa.select(_campaigns.c.id, _campaigns.c.flags)).all():
        healed = flags and list(dict.fromkeys(map(_key, flags)))
        if healed != flags:
            connection.execute(_campaigns.update().where(_campaigns.c.id == campaign_id).values(flags=healed))
    carried = set(connection.execute(sa.select(_carried.c.resident_id, _carried.c.flag)).all())
    for resident_id, flag in sorted(carried, key=str):
        if (key := _key(flag)) == flag:
            continue
        row = sa.and_(_carried.c.resident_id == resident_id, _carried.c.flag == flag)
        if (resident_id, key) in carried:
            connection.execute(_carried.delete().where(row))
        else:
            connection.execute(_carried.update().where(row).values(flag=key))
            carried.add((resident_id, key))


def downgrade() -> None:
    """Keys are what the vocabulary has always understood."""


def _key(word: str) -> str:
    """A community's own words stay as they are."""
    written = re.sub(r"[\s_-]+", " ", unicodedata.normalize("NFKC", word)).strip().casefold()
    return _KEYS.get(written) or _KEYS.get(_OF_PEOPLE.sub("", written)) or word
