"""How long a text is, and what stays of one that is too long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.sms.segments import MOST_SEGMENTS, fitted, segments

CHINESE_OR_NOT = st.text(st.sampled_from("早安电话王奶奶一切都好，。 abc.^€😀"), max_size=700)


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("€" * 152, 2),
        ("€" * 153, 3),
        ("安" * 70, 1),
        ("安" * 71, 2),
        ("安" * 134, 2),
        ("安" * 135, 3),
        ("a" * 69 + "安", 1),
        ("a" * 70 + "安", 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 67, 3),
    ],
)
def test_segments_are_counted_as_networks_bill_them(body, count):
    assert segments(body) == count


@given(CHINESE_OR_NOT, st.integers(1, 4))
def test_whatever_is_written_fits_and_what_fits_is_left_alone(body, most):
    sent = fitted(body, most)
    assert segments(sent) <= most
    if segments(body) <= most:
        assert sent == body
    else:
        assert sent.endswith(("…", "..."))
        assert body.startswith(sent.removesuffix("…").removesuffix("...") or body)


def test_a_long_chinese_text_ends_with_a_sentence():
    body = "王奶奶今天没有接电话。" * 40
    sent = fitted(body)
    assert sent.endswith("。…")
    assert segments(sent) == MOST_SEGMENTS


def test_a_long_english_text_ends_with_a_word_and_keeps_its_alphabet():
    sent = fitted("somebody from the community will look in " * 30)
    assert sent.endswith(("somebody...", "from...", "the...", "community...", "will...", "look...", "in..."))
    assert segments(sent) == MOST_SEGMENTS
    assert len(sent) > 590
