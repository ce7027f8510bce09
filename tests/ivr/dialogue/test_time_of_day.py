"""A call may come at any hour: nothing that it says knows the time of day."""

import pytest

from core.i18n import Language
from ivr.dialogue.catalogue import catalogue

OF_A_TIME_OF_DAY = {
    Language.CHINESE: ("早上好", "上午好", "下午好", "晚上好", "今早", "今天早上", "整个上午"),
    Language.ENGLISH: ("good morning", "good afternoon", "good evening", "this morning", "all morning", "tonight"),
}


@pytest.mark.parametrize("language", Language)
def test_no_prompt_speaks_of_a_time_of_day(language: Language) -> None:
    said = {key: text.lower() for key, text in catalogue(language).items()}
    assert [key for key, text in said.items() if any(each in text for each in OF_A_TIME_OF_DAY[language])] == []
