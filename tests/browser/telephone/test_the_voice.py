"""The pages on which staff listen to calls, record prompts and print the list: everybody can read and use them."""

from pathlib import Path

import pytest

from campaigns.models import Outcome
from tests.browser.axe import serious
from tests.console import street

READABLE = (Path(__file__).parents[1] / "readable.js").read_text()
PAGES = (
    "/print?who=everybody",
    "/listen?call=check_in&spoken=zh-CN&done=3",
    "/listen?call=page",
    "/recordings?spoken=zh-CN",
)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_whoever_looks_by_day_or_night_on_a_desk_or_a_telephone_can_read_it(look, path, language):
    can_be_read(look, path, language)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_so_can_whoever_looks_at_what_happened_to_a_case(look, language):
    street.begin_round()
    street.answer("王奶奶", Outcome.UNWELL)
    can_be_read(look, f"/cases/{street.case_of('王奶奶').id}", language)


def can_be_read(look, path, language):
    joined = "&" if "?" in path else "?"
    with look(f"{path}{joined}language={language}", reduced_motion="reduce") as page:
        for width, scheme in ((1440, "light"), (390, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate(READABLE) == []
            assert serious(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
