"""Translations: the catalogues as they are written, and what is read out of them."""

import re
from collections import Counter

import pytest
from babel.messages.pofile import read_po

from core import i18n
from core.i18n import LOCALES, Language, translate


def catalogue(language):
    return LOCALES / language.replace("-", "_") / "LC_MESSAGES" / "messages.po"


@pytest.mark.parametrize("language", Language)
def test_babel_reads_the_same_out_of_the_catalogue(language):
    with catalogue(language).open("rb") as source:
        known = {message.id: message.string for message in read_po(source) if message.id}
    assert {text: translate(language, text) for text in known} == {text: said or text for text, said in known.items()}


@pytest.mark.parametrize("language", Language)
def test_no_text_has_two_translations(language):
    written = Counter(re.findall(r"^msgid (.+)", catalogue(language).read_text(encoding="utf-8"), re.MULTILINE))
    assert [text for text, times in written.items() if times > 1 and text != '""'] == []


def test_lines_that_go_on_and_characters_that_are_escaped(tmp_path, monkeypatch):
    path = tmp_path / "en" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid "a \\"b\\""\nmsgstr "c\\\\n"\n\n# said\nmsgid ""\n"d "\n"e"\nmsgstr ""\n"f\\n"\n"g"\n')
    monkeypatch.setattr(i18n, "LOCALES", tmp_path)
    i18n._catalogue.cache_clear()
    try:
        assert (translate("en", 'a "b"'), translate("en", "d e")) == ("c\\n", "f\ng")
        assert translate("en", "unknown {what}", what="word") == "unknown word"
    finally:
        i18n._catalogue.cache_clear()


@pytest.mark.parametrize(("count", "said"), [(1, "1 person is rung."), ("1", "1 person is rung."),
                                             (2, "2 people are rung."), ("0", "0 people are rung.")])  # fmt: skip
def test_one_is_said_otherwise_than_several_also_of_a_number_that_was_kept_as_text(count, said):
    assert translate("en", "{people} people are rung.", people=count) == said
    assert str(count) in translate("zh-CN", "{people} people are rung.", people=count)


def test_lists_and_words_are_those_of_the_language():
    words = ["a", i18n.InWords("独居 (lives alone)", "lives alone (独居)")]
    assert translate("en", "Write one of: {known}.", known=words) == "Write one of: a, lives alone (独居)."
    assert translate("zh-CN", "Write one of: {known}.", known=words) == "可以填写：a、独居 (lives alone)。"
