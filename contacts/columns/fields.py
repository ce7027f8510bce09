"""Fields: what a column of a spreadsheet tells, and its header in both languages."""

from dataclasses import dataclass
from enum import StrEnum

from core.i18n import Language


class Field(StrEnum):
    """What a column tells; the value is its English header."""

    NAME = "name"
    CALLED = "called"
    READING = "reading"
    PHONE = "phone"
    SECOND_PHONE = "second phone"
    BUILDING = "building"
    UNIT = "unit"
    ROOM = "room"
    ADDRESS = "address"
    BIRTH_YEAR = "birth year"
    AGE = "age"
    FLAGS = "flags"
    LANGUAGE = "language"
    PACE = "pace"
    VOICE = "voice"
    CALL_TIME = "call time"
    RELATIVE_NAME = "relative name"
    RELATIVE_PHONE = "relative phone"
    RELATIVE_RELATION = "relation"
    RELATIVE_WANTS = "relative wants"
    RELATIVE_EMAIL = "relative e-mail"
    ACCESS_NOTES = "access notes"
    KEY_HOLDER = "key holder"
    KEY_HOLDER_PHONE = "key holder phone"
    CONSENT = "consent"
    PHONE_STATE = "phone state"
    SECOND_PHONE_STATE = "second phone state"
    GRID = "grid"
    PAUSED_FROM = "paused from"
    PAUSED_UNTIL = "paused until"
    PAUSE_REASON = "pause reason"
    NOTES = "notes"
    HEALTH = "health notes"
    ROLE = "role"
    AREA = "area"
    EMAIL = "e-mail"
    LANGUAGES = "languages"
    SKILLS = "skills"
    CHAT_ADDRESS = "chat address"
    PIN = "PIN"


CHINESE = {
    Field.NAME: "姓名",
    Field.CALLED: "称呼",
    Field.READING: "读音",
    Field.PHONE: "电话",
    Field.SECOND_PHONE: "备用电话",
    Field.BUILDING: "楼栋",
    Field.UNIT: "单元",
    Field.ROOM: "房号",
    Field.ADDRESS: "住址",
    Field.BIRTH_YEAR: "出生年",
    Field.AGE: "年龄",
    Field.FLAGS: "标记",
    Field.LANGUAGE: "语言",
    Field.PACE: "语速",
    Field.VOICE: "声音",
    Field.CALL_TIME: "通话时间",
    Field.RELATIVE_NAME: "家属姓名",
    Field.RELATIVE_PHONE: "家属电话",
    Field.RELATIVE_RELATION: "关系",
    Field.RELATIVE_WANTS: "家属通知",
    Field.RELATIVE_EMAIL: "家属邮箱",
    Field.ACCESS_NOTES: "入户说明",
    Field.KEY_HOLDER: "钥匙保管人",
    Field.KEY_HOLDER_PHONE: "钥匙保管人电话",
    Field.CONSENT: "同意",
    Field.PHONE_STATE: "电话状态",
    Field.SECOND_PHONE_STATE: "备用电话状态",
    Field.GRID: "网格",
    Field.PAUSED_FROM: "暂停起",
    Field.PAUSED_UNTIL: "暂停止",
    Field.PAUSE_REASON: "暂停原因",
    Field.NOTES: "备注",
    Field.HEALTH: "健康备注",
    Field.ROLE: "角色",
    Field.AREA: "负责区域",
    Field.EMAIL: "邮箱",
    Field.LANGUAGES: "会说的语言",
    Field.SKILLS: "技能",
    Field.CHAT_ADDRESS: "群机器人",
    Field.PIN: "密码",
}
REPEATED = (
    Field.RELATIVE_NAME, Field.RELATIVE_PHONE, Field.RELATIVE_RELATION, Field.RELATIVE_WANTS, Field.RELATIVE_EMAIL
)  # fmt: skip
MOST_RELATIVES = 9


@dataclass(frozen=True)
class Column:
    """A column; ``number`` tells the second relative's from the first's."""

    field: Field
    number: int = 1

    def title(self, language: Language) -> str:
        """Its header as people of that language write it."""
        if language is Language.CHINESE:
            return CHINESE[self.field] + (str(self.number) if self.number > 1 else "")
        return self.field + (f" {self.number}" if self.number > 1 else "")
