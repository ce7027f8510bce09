"""The table of licences names exactly what the service needs, and hides no copyleft."""

import json
import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


EARLY = {"async-timeout"}
"""What only the first releases of Python 3.11 need, that of Debian 12 among them."""


def canonical(name):
    """https://packaging.python.org/en/latest/specifications/name-normalization/"""
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(lines, extras, known):
    """Adds to ``known`` what these requirements ask for on this machine, and what that asks for in its turn."""
    for line in map(Requirement, lines):
        if line.marker and not any(line.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            continue
        name = canonical(line.name)
        if name in known:
            continue
        try:
            known[name] = distribution(name)
        except PackageNotFoundError:  # a marker of another platform that names no extra
            continue
        needed(known[name].requires or [], line.extras, known)
    return known


def table():
    """By package, the licence of its row."""
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", (ROOT / "docs/licences.md").read_text("utf-8"), re.MULTILINE)
    return {
        name.strip(): licence
        for licence, names in rows
        if licence not in {"licence", "---"}
        for name in re.sub(r"\([^)]*\)", "", names).split(",")
    }


def test_the_table_names_what_the_service_needs_and_nothing_else():
    assert set(table()) == set(needed(PROJECT["dependencies"], (), {})) | EARLY


def test_the_table_of_the_neural_voice_names_what_its_extra_adds_and_what_npm_brings():
    text = (ROOT / "docs/licences.md").read_text("utf-8").split("## With the neural voice")[1].split("\n## ")[0]
    named = {name for row in re.findall(r"^\| ([a-z][^|]+) \|", text, re.MULTILINE) for name in row.split(", ")}
    extra = set(needed(PROJECT["optional-dependencies"]["neural"], (), {})) - set(
        needed(PROJECT["dependencies"], (), {})
    )
    assert named - {"package"} == extra | set(json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"])


def test_whoever_says_gpl_of_themselves_stands_in_a_row_that_says_it():
    rows = table()
    for name, package in needed(PROJECT["dependencies"], (), {}).items():
        told = [package.metadata.get("License-Expression") or package.metadata.get("License") or "",
                *(package.metadata.get_all("Classifier") or [])]  # fmt: skip
        for words in told:
            if re.search(r"\bL?GPL|Lesser General Public|MPL|Mozilla", words.split("\n")[0]):
                assert re.search("GPL|MPL", rows[name]), (name, words)


def test_the_licence_of_our_own_code_is_said_twice():
    assert PROJECT["license"] == "Apache-2.0"
    assert "SPDX-License-Identifier: Apache-2.0" in (ROOT / "README.md").read_text("utf-8")
