"""What a browser asks for is what its user reads; the exchange, which shares no code, understands it alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import Language
from core.languages import preferred
from exchange.pages import site

CASES = [
    ("en", "en"), ("en-GB,en;q=0.9", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"), ("zh", "zh-CN"), ("zh-TW", "zh-CN"),
    ("zh-HK;q=0.9", "zh-CN"), ("zh-Hant-TW,en;q=0.2", "zh-CN"), ("EN-us", "en"), ("en;q=0.5, zh;q=0.9", "zh-CN"),
    ("zh;q=0.5, en;q=0.9", "en"), ("de, fr;q=0.9, en;q=0.1", "en"), ("en;q=0", None), ("en;q=0, zh;q=0.1", "zh-CN"),
    ("en;q=0.8, zh;q=0.8", "en"), ("*", None), ("de", None), ("", None), ("zho", None), ("english", None),
    ("en ; q = 0.3", "en"), ("en;q=wrong, zh;q=0.1", "zh-CN"), (",,;;q=", None), ("en;level=1;q=0.2,zh;q=0.1", "zh-CN"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "language"), CASES)
def test_the_language_wanted_most_is_chosen(header, language):
    assert preferred(header) == language
    assert site.preferred(header) == language


@given(st.text() | st.lists(st.sampled_from(["en", "zh-TW", "*", ";q=0.5", ";q=2", ",", " ", "q", "-"])).map("".join))
def test_nothing_a_browser_sends_is_an_error(header):
    assert preferred(header) in {None, *Language}
    assert site.preferred(header) in {None, *Language}
