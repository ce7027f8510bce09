import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import contacts
from core.i18n import Language, translate

SENTENCE = re.compile(r"[“A-Z].* .*[.}]")


def sentences(path: Path) -> Iterator[str]:
    """Every whole sentence that is handed to an error or to the translation."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
                said = argument.value if isinstance(argument, ast.Constant) else None
                if isinstance(said, str) and SENTENCE.fullmatch(said):
                    yield said


SAID = sorted({said for path in Path(contacts.__file__).parent.rglob("*.py") for said in sentences(path)})


def test_the_sentences_are_found():
    assert {"Keep one of them.", "Row {row}, {column}: {reason}", "“{value}” is not a telephone number."} <= set(SAID)
    assert len(SAID) > 35


@pytest.mark.parametrize("said", SAID)
def test_every_sentence_has_a_translation_with_the_same_gaps(said):
    translated = translate(Language.CHINESE, said)
    assert translated != said
    gaps = re.compile(r"{\w+}")
    assert sorted(gaps.findall(translated)) == sorted(gaps.findall(said))
