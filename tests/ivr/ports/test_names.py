"""Nothing but an adapter, and the exchange that plays its provider, knows the names in a provider's requests."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import ivr.provider
from ivr.provider.twilio import errors, statuses, webhooks

ROOT = Path(ivr.provider.__file__).parents[2]
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
APART = {"exchange", "trunk", "phones"}
"""What shares nothing with the service: the exchange speaks as the provider does, the others as telephone lines do."""
FLOORS = [floor for floor in LINTER["root_packages"] if floor not in APART]
ADAPTERS, WEBHOOKS = ROOT / "ivr" / "provider", Path(webhooks.__file__)
EXCHANGE = [*(ROOT / "exchange" / "calls").glob("*.py"), *(ROOT / "exchange" / "webhooks").glob("*.py")]
FIELD = re.compile(r"[A-Z][A-Za-z]*[a-z]")
WELL_KNOWN = {
    "CallSid", "CallStatus", "AnsweredBy", "Digits", "FinishedOnKey", "From", "To", "SpeechResult", "Confidence",
    "RecordingSid", "RecordingStatus", "RecordingDuration", "RecordingUrl", "DialCallStatus", "DialCallSid",
    "ErrorUrl", "ErrorCode", "MessageSid", "MessageStatus", "Body", "Direction", "ParentCallSid", "CallDuration",
}  # fmt: skip
CODES = {*errors.NUMBER_FAULTS, *errors.OURSELVES, errors.TOO_MANY, statuses.OPTED_OUT}
PACKAGE = re.compile(r"twilio(\.|$)")
DIALECT = re.compile(r"<Response|<Gather|</?Say>|VoiceResponse|2010-04-01")
WIRED_BY = ROOT / "zaoan"
"""The entrance alone chooses an adapter, and its doctor looks at our account there."""
SCRIPTED_BY = ROOT / "zaoan" / "rehearsal"
"""A rehearsal tells the exchange with which code it is to refuse a number."""


def strings(path):
    """Every string constant of a module that is no docstring, and none of our own names that it hands on."""
    tree = ast.parse(path.read_text("utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    named = (node for node in tree.body if isinstance(node, ast.Assign))
    said |= {id(name) for node in named if ast.unparse(node.targets[0]) == "__all__" for name in ast.walk(node)}
    return [(node.lineno, node.value) for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said]  # fmt: skip


def whole_numbers(path):
    """Every whole number that a module names."""
    return [(node.lineno, node.value) for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Constant) and type(node.value) is int]  # fmt: skip


def imports(path):
    """The modules that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (node.module or "", *(f"{node.module}.{each.name}" for each in node.names))


def read_by(path):
    """The names of fields that a module reads or writes: whatever looks like one, and stands as a string of its own."""
    return {text for _, text in strings(path) if FIELD.fullmatch(text)}


FIELDS = read_by(WEBHOOKS) | {
    name for path in EXCHANGE for name in read_by(path) if name in WELL_KNOWN or "Sid" in name
}
OUTSIDE = [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py")) if ADAPTERS not in path.parents]


def test_the_names_are_those_that_the_adapter_reads_and_the_exchange_writes():
    """Or the tests below would look for nothing."""
    assert WELL_KNOWN - {"RecordingUrl", "CallDuration", "ParentCallSid"} <= read_by(WEBHOOKS) <= FIELDS
    assert {"RecordingUrl", "CallDuration", "ParentCallSid"} <= FIELDS
    assert len(OUTSIDE) > 300


def test_no_field_of_a_providers_request_is_named_outside_its_adapter():
    found = [f"{path.relative_to(ROOT)}:{line} {text}" for path in OUTSIDE for line, text in strings(path)
             if text in FIELDS or DIALECT.search(text) or "X-Twilio" in text]  # fmt: skip
    assert found == []


def test_no_code_of_a_providers_refusal_is_named_outside_its_adapter():
    found = [f"{path.relative_to(ROOT)}:{line} {code}" for path in OUTSIDE for line, code in whole_numbers(path)
             if code in CODES and SCRIPTED_BY not in path.parents]  # fmt: skip
    assert found == []


def test_nothing_but_the_entrance_imports_an_adapter_and_nothing_but_adapters_the_sdk():
    for path in OUTSIDE:
        named = list(imports(path))
        assert not [each for each in named if PACKAGE.match(each)], path
        if WIRED_BY not in path.parents:
            assert not [each for each in named if re.match(r"ivr\.provider\.(twilio|sip)", each)], path


@pytest.mark.parametrize("written", ['form["CallSid"]', "form.get('Digits', '')", '"<Response/>"'])
def test_a_name_would_be_found(tmp_path, written):
    path = tmp_path / "room.py"
    path.write_text(f'"""CallSid in a docstring is no use of it."""\nform = {{}}\nvalue = {written}\n')
    assert [text for _, text in strings(path) if text in FIELDS or DIALECT.search(text)]


LOADED = """
import sys
import campaigns.tasks, console.routes, escalation.tasks, ivr.tasks, zaoan.web.app
from zaoan.process.owners import name_owners
from ivr.ports import owners
name_owners()
owners.current().load_all()
foreign = {"twilio", "exchange", "trunk", "baresip"}
adapters = ("ivr.provider.twilio", "ivr.provider.sip")
print([each for each in sys.modules if each.split(".")[0] in foreign or each.startswith(adapters)])
"""


def test_the_whole_service_is_loaded_without_an_adapter():
    found = subprocess.run([sys.executable, "-c", LOADED], check=False, capture_output=True, text=True, cwd=ROOT)
    assert (found.stdout.strip(), found.returncode) == ("[]", 0), found.stderr
