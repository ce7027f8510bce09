"""Policies: the shipped ones as data, what is refused, and that nobody reads them but through the lookup."""

import ast
import re
from pathlib import Path

import pytest

import escalation
from core.errors import UserError
from core.i18n import Language
from escalation import policy_lookup
from escalation.models import CaseKind
from escalation.policies import DUTY, EVERY, KINDS
from escalation.policy_terms import tables

HOUSE = Path(escalation.__file__).parent.parent
ROOMS = ("escalation", "campaigns", "console", "zaoan")
LAID = policy_lookup.read(policy_lookup.FILE).laid
WRONG = [
    ({"unwel": {}}, "kind", "unwel"),
    ({"unwell": {"close_in": 5}}, "close_in", 5),
    ({"unwell": {"steps": []}}, "steps", "[]"),
    ({"unwell": {"at_any_hour": False}}, "at_any_hour", "false"),
    ({"no_key": {"steps": [["nurse"], ["nurse", "office"]]}}, "steps", '[["nurse"], ["nurse", "office"]]'),
    ({"no_key": {"steps": [["neighbour"]]}}, "steps", '[["neighbour"]]'),
    ({"no_key": {"steps": "office"}}, "steps", '"office"'),
    ({"no_key": {"steps": [[]]}}, "steps", "[[]]"),
    ({"no_key": {"urgency": 10}}, "urgency", "10"),
    ({"no_key": {"at_once": 0}}, "at_once", "0"),
    ({"no_key": {"rounds": True}}, "rounds", "true"),
    ({"no_key": {"close_within_minutes": 0}}, "close_within_minutes", "0"),
    ({"no_key": {"close_within_minutes": "an hour"}}, "close_within_minutes", '"an hour"'),
    ({"no_key": {"pause_minutes": 30}}, "longest_pause_minutes", "20"),
    ({"no_key": {"calls_per_hour": "none"}}, "calls_per_hour", '"none"'),
    ({"no_key": {"apart_minutes": -1}}, "apart_minutes", "-1"),
    ({EVERY: {"at_any_hour": "yes"}}, "at_any_hour", '"yes"'),
    ({EVERY: {"quiet_from": "22.00"}}, "quiet_from", '"22.00"'),
    ({EVERY: {"quiet_until": "07:00Z"}}, "quiet_until", '"07:00Z"'),
]


def test_the_shipped_policies_are_whole():
    shipped = tables(LAID)
    assert set(shipped) == set(KINDS) == {*CaseKind, DUTY}
    assert [kind for kind in CaseKind if not shipped[kind].rings] == [CaseKind.NOTICE_NOT_HEARD]
    assert shipped == policy_lookup.read(policy_lookup.FILE).table


@pytest.mark.parametrize(("laid", "field", "value"), WRONG, ids=lambda each: str(each)[:40])
def test_what_cannot_be_is_refused_by_its_name_in_both_languages(laid, field, value):
    with pytest.raises(UserError) as refused:
        tables(LAID, laid)
    assert (refused.value.field, refused.value.value) == (field, value)
    english, chinese = (refused.value.describe(language) for language in (Language.ENGLISH, Language.CHINESE))
    assert field in english or str(value) in english
    assert re.search("[\u4e00-\u9fff]", chinese)
    for sentence in (refused.value.message, refused.value.way_out):
        assert re.sub("{.*?}", "", sentence).split(". ")[0].strip() not in chinese


def test_a_term_that_is_nowhere_is_missed():
    nowhere = {**LAID, "busy": {term: said for term, said in LAID["busy"].items() if term != "urgency"}}
    with pytest.raises(UserError, match="In the escalation policy “somebody is always engaged”, urgency cannot be -"):
        tables(nowhere)


def test_a_service_does_not_start_with_shipped_policies_that_cannot_be(tmp_path, monkeypatch):
    wrong = tmp_path / "policies.toml"
    wrong.write_text(policy_lookup.FILE.read_text("utf-8").replace('["nurse"]', '["doctor"]'), "utf-8")
    with pytest.raises(UserError, match="steps cannot be"):
        policy_lookup.read(wrong)
    monkeypatch.setattr(policy_lookup, "shipped", lambda: policy_lookup.read(wrong))
    with pytest.raises(UserError, match="steps cannot be"):
        policy_lookup.check_shipped()


def test_what_is_said_of_a_kind_holds_before_what_is_said_of_every_kind():
    """A community that wants fewer calls does not thereby ring less about whoever is unwell."""
    laid = tables(LAID, {EVERY: {"calls_per_hour": 1, "rounds": 2}}, {CaseKind.BUSY: {"rounds": 5}})
    assert (laid[CaseKind.BUSY].calls_per_hour, laid[CaseKind.UNWELL].calls_per_hour) == (1, None)
    assert (laid[CaseKind.BUSY].rounds, laid[CaseKind.UNWELL].rounds, laid[DUTY].rounds) == (5, 2, 1)


LOOKUP = {"escalation/policies.py", "escalation/policy_terms.py", "escalation/policy_lookup.py"}
READS = {
    "escalation/queries/__init__.py": {"shipped", "others"},
    "escalation/policy_editing/changing.py": {"tables"},
}
"""What a statement is composed of is every policy at once; whoever changes one looks at all of them."""
CONSTANTS = {
    "POLICIES",
    "STANDING",
    "LAPS",
    "QUIET_FROM",
    "QUIET_UNTIL",
    "CALLS_PER_HOUR",
    "APART",
    "OFFICE_TELEPHONES",
}
BEHIND = CONSTANTS | {"tables", "shipped", "others", "read", "laid", "assembled"}


def reads_past_the_lookup(source, may=frozenset()):
    """The names by which a module reads policies otherwise than by asking for one."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module in {"escalation.policies", "escalation.policy_lookup",
                                                               "escalation.policy_terms"}:  # fmt: skip
            found |= {each.name for each in node.names} & BEHIND
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            is_book = node.value.id in {"policies", "policy_lookup", "policy_terms", "known"}
            found |= {node.attr} & BEHIND if is_book else set()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Policy":
            found.add("Policy")
        if isinstance(node, ast.Assign):
            found |= {each.id for each in node.targets if isinstance(each, ast.Name)} & CONSTANTS
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "policies.toml" in node.value[:40]:
            found.add("policies.toml")
    return found - may


@pytest.mark.parametrize("source", ["from escalation.policies import POLICIES", "policies.LAPS", "QUIET_FROM = 22",
                                    "policy_lookup.shipped()", "Policy(0, ())", "open('policies.toml')"])  # fmt: skip
def test_reading_past_the_lookup_is_seen(source):
    assert reads_past_the_lookup(source)


def test_nobody_reads_policies_past_the_lookup():
    found = {}
    for path in (path for room in ROOMS for path in (HOUSE / room).rglob("*.py")):
        name = path.relative_to(HOUSE).as_posix()
        if name not in LOOKUP and (past := reads_past_the_lookup(path.read_text("utf-8"), READS.get(name, set()))):
            found[name] = past
    assert found == {}
