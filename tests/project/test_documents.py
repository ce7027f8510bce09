"""What the documents name is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/*.md"), *ROOT.glob("findings/*.md")]
)
PATH = re.compile(r"`((?:[\w.*<>-]+/)+[\w.*<>-]*)`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
MADE_LATER = {"build/screenshots/", "build/voices/", "build/voices-venv"}


def named(document):
    """Paths that a document names, as patterns; words with a slash that begin at no folder of ours are none."""
    for path in PATH.findall(document.read_text("utf-8")):
        top = path.split("/")[0]
        if path not in MADE_LATER and ((ROOT / top).is_dir() or top in {"ivr", "exchange"}):
            yield re.sub(r"<\w+>", "*", path)


def test_the_documents_are_found():
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md"} <= {each.name for each in DOCUMENTS}
    assert sum(len(list(named(each))) for each in DOCUMENTS) > 80


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: str(each.relative_to(ROOT)))
def test_every_file_that_is_named_is_there(document):
    assert [path for path in named(document) if not list(ROOT.glob(path.rstrip("/")))] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: str(each.relative_to(ROOT)))
def test_every_link_leads_somewhere(document):
    links = LINK.findall(document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []
