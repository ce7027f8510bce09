"""Axe, which knows what people with poor eyes, without a mouse or with a screen reader stumble over."""

from axe_playwright_python.sync_playwright import Axe


def serious(page):
    """What axe finds serious or worse on a page, in words."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['help']}" for each in found if each["impact"] in {"serious", "critical"}]
