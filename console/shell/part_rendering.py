"""Parts made into HTML, and put together to a whole page or to what has changed of one."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from console.shell import links
from console.shell.rendering import frame_of, page_words, template
from console.view.parts import HOUSE, OPENED, TOP, Part, Parts, case_key, version_of
from console.view.today import Today
from contacts.places import spoken_building
from core.i18n import Language

UNMADE = 'data-version="@"'
MOST_KEPT = 4000
_kept: dict[tuple[object, ...], tuple[object, str, str]] = {}
"""What was made: by language, key and what else decides it, the value it was made of, its HTML and its version."""


def whole(language: Language, shown: Today, **frame: Any) -> str:
    """The whole page."""
    parts = Parts(shown)
    pieces = {key: Markup(_put_together(language, parts, key)) for key in TOP}
    return template("today/today.html").render(**page_words(language), **frame, parts=pieces, today=shown)


def piece(language: Language, shown: Today, key: str) -> str | None:
    """One part with those inside it; None where there is none."""
    parts = Parts(shown)
    part = parts.find(key)
    return _put_together(language, parts, key) if part else None


def heading_of(language: Language, shown: Today, key: str) -> str:
    """What a page is called that shows only this part: a house, or the resident of a case."""
    words = page_words(language)
    block = next((each for each in shown.blocks if key == f"{HOUSE}{each.key}"), None)
    if block:
        return spoken_building(language, block.name) or str(words["t"]("Other homes"))
    case = next((each for each in shown.cases if key == case_key(OPENED, each.case_id)), None)
    who = case.called if case and case.called else words["t"]("Somebody unknown")
    return f"{who} · {words['t']('case:' + case.kind)}" if case else ""


def changes(language: Language, shown: Today, have: Mapping[str, str]) -> str:
    """What is new to a page that has these versions of these parts, empty if nothing is.

    Each is a ``template`` with one part, and for each region one with the keys of its parts in their order.
    """
    parts = Parts(shown)
    news, orders, standing = [], [], list(parts.keys())
    for key in [*standing, *(have.keys() - set(standing))]:
        part = parts.find(key)
        if part is None:
            continue
        html, version = made(language, part)
        orders += [f'<template data-order="{region}">{" ".join(inside)}</template>'
                   for region, inside in part.regions.items()]  # fmt: skip
        if have.get(key) != version:
            news.append(f"<template>{html}</template>")
    is_same = not news and len(have.keys() & set(standing)) == len(standing) and not _gone(parts, have)
    return "" if is_same else "\n".join([*news, *orders])


def notice_of(text: str) -> str:
    """What is told to whoever asked, before everything else."""
    return f'<p id="notice">{escape(text)}</p>'


def made(language: Language, part: Part) -> tuple[str, str]:
    """The HTML of a part, its regions still empty, and its version."""
    name = (language, part.key, part.template, links.exchange_page(), frame_of(language)["simulated"])
    known = _kept.get(name)
    if known is None or known[0] != part.value:
        html = template(part.template).render(**page_words(language), part=part.key, **part.shown)
        version = version_of(html)
        known = (part.value, html.replace(UNMADE, f'data-version="{version}"', 1), version)
        if len(_kept) > MOST_KEPT:
            _kept.clear()
        _kept[name] = known
    return known[1], known[2]


def _put_together(language: Language, parts: Parts, key: str) -> str:
    part = parts.find(key)
    if part is None:
        return ""
    html, _ = made(language, part)
    for region, inside in part.regions.items():
        html = html.replace(f"<!--{region}-->", "".join(_put_together(language, parts, each) for each in inside))
    return html


def _gone(parts: Parts, have: Mapping[str, str]) -> bool:
    return any(parts.find(key) is None for key in have)
