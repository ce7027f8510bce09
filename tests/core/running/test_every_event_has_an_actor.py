"""Every event says whose doing it was: ``events.append`` cannot be called without, and everybody says it by a value."""

import ast
import inspect
import re
from pathlib import Path

import core
from core.actors import Actor
from core.running import events
from escalation.cases import time_line

HOUSE = Path(core.__file__).parent.parent
ROOMS = ("core", "contacts", "audio", "ivr", "escalation", "campaigns", "console", "api", "zaoan")


def appended():
    """Every call of ``events.append`` in the service, with its file."""
    for path in (path for room in ROOMS for path in (HOUSE / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr == "append" and ast.unparse(called.value) == "events":
                yield path.relative_to(HOUSE).as_posix(), node


def test_an_actor_is_required():
    actor = list(inspect.signature(events.append).parameters.values())[1]
    assert (actor.name, actor.annotation, actor.default) == ("actor", Actor, inspect.Parameter.empty)


def test_every_event_of_the_service_names_one_and_none_as_a_fact():
    found = list(appended())
    assert len(found) > 60
    for path, call in found:
        assert len(call.args) >= 3, (path, ast.unparse(call))
        named = ast.unparse(call.args[1])
        assert "actor" in named or named in {"by", "caller", "resident", "writer"}, (path, ast.unparse(call))
        assert "actor" not in {keyword.arg for keyword in call.keywords}, path


def test_nobody_writes_an_event_around_append():
    for path in (path for room in ROOMS for path in (HOUSE / room).rglob("*.py")):
        name = path.relative_to(HOUSE).as_posix()
        if name != "core/running/events.py" and not name.startswith("core/storage/migrations"):
            assert not re.search(r"(?<![.\w])Event\(|insert\(Event", path.read_text("utf-8")), name


def test_the_time_line_has_words_for_everything_that_happens_to_a_case():
    kinds = {node.value for _, call in appended() for node in ast.walk(call)
             if isinstance(node, ast.Constant) and str(node.value).startswith(("case.", "page."))}  # fmt: skip
    whole = {kind for kind in kinds if not kind.endswith(".")}
    assert len(whole) > 12
    assert whole <= time_line.TOLD.keys() | time_line.UNTOLD
