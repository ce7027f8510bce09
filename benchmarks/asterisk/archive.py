"""Asterisk 16 as Debian 11 has it, unpacked in the user's cache without being installed.

``apt-get`` compares what it fetches with Debian's signatures; the sha256 of every file that was unpacked is noted, and
compared when the tests are set up. ``python -m benchmarks.asterisk.archive`` unpacks it where it is missing or is no
longer what it was, and prints one line where that cannot be done.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from audio.engines.neural.kept_files import digest

MISSING = "Asterisk 16 is not there, and Debian's archive of bullseye cannot be reached; what needs it is left out."
PROGRAM = Path("usr", "sbin", "asterisk")
NOTE = "files.sha256"
SUITES = ("bullseye", "bullseye-security")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
LONGEST_SECONDS, SILENT_SECONDS = 600, 15
"""An archive that does not answer so long is not to be had."""
_STEPS = (("update",), ("--yes", "--download-only", "--no-install-recommends", "install", "asterisk"))


def find() -> Path | None:
    """The folder in which it was unpacked, as its ``/``; None without it."""
    return next((each for each in map(_root, _places()) if (each / PROGRAM).exists()), None)


def unpack() -> Path | None:
    """The same, after it was fetched where it is missing, or where a file is not what was unpacked."""
    kept = [each for each in _places() if (_root(each) / PROGRAM).exists()]
    if kept and is_intact(kept[0]):
        return _root(kept[0])
    with suppress(OSError, subprocess.SubprocessError), tempfile.TemporaryDirectory(prefix="asterisk-") as folder:
        return _kept(_packages(Path(folder)))
    return None


def is_intact(place: Path) -> bool:
    """Whether every file that was unpacked in ``place`` holds what it held then."""
    try:
        return (place / NOTE).read_text("utf-8") == _note(_root(place))
    except OSError:
        return False


def _places() -> Iterator[Path]:
    """The user's cache (XDG Base Directory Specification), then this copy of Zao'an."""
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    with suppress(RuntimeError):
        yield (named if named.is_absolute() else Path.home() / ".cache") / "zaoan" / "asterisk"
    yield Path(__file__).parents[2] / "build" / "asterisk"


def _root(place: Path) -> Path:
    return place / "root"


def _note(root: Path) -> str:
    files = sorted(each for each in root.rglob("*") if each.is_file() and not each.is_symlink())
    return "".join(f"{digest(each)}  {each.relative_to(root)}\n" for each in files)


def _kept(packages: Sequence[Path]) -> Path | None:
    """Unpacked in the best folder that can be written; whoever looks sees all of it or nothing."""
    for place in _places():
        with suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix="asterisk-", dir=place.parent) as draft:
                unpacked = Path(draft) / "asterisk"
                _extract(packages, unpacked)
                shutil.rmtree(place, ignore_errors=True)
                unpacked.rename(place)
            return _root(place)
    return None


def _extract(packages: Sequence[Path], place: Path) -> None:
    _root(place).mkdir(parents=True)
    for package in packages:
        subprocess.run(["dpkg", "--extract", str(package), str(_root(place))], check=True)
    (place / NOTE).write_text(_note(_root(place)), "utf-8")


def _packages(folder: Path) -> Sequence[Path]:
    """Fetched by an ``apt-get`` that has a folder of its own, and the system's list of what is installed."""
    for each in ("state/lists/partial", "cache/archives/partial", "etc/apt.conf.d", "etc/preferences.d"):
        (folder / each).mkdir(parents=True)
    shutil.copy("/var/lib/dpkg/status", folder / "state" / "status")
    sources = [f"deb [signed-by={KEYRING}] {_mirror(suite)} {suite} main\n" for suite in SUITES]
    (folder / "etc" / "sources.list").write_text("".join(sources))
    (folder / "apt.conf").write_text(
        f'Dir "{folder}";\nDir::State "state";\nDir::State::status "{folder}/state/status";\nDir::Cache "cache";\n'
        'Dir::Etc "etc";\nDir::Etc::sourcelist "sources.list";\nDir::Etc::sourceparts "-";\nAcquire::Retries "0";\n'
        f'Acquire::http::Timeout "{SILENT_SECONDS}";\nAcquire::https::Timeout "{SILENT_SECONDS}";\n'
        'Acquire::Languages "none";\nAPT::Update::Error-Mode "any";\nAPT::Sandbox::User "";\n'
    )
    environment = os.environ | {"APT_CONFIG": str(folder / "apt.conf")}
    for words in _STEPS:
        subprocess.run(["apt-get", *words], env=environment, capture_output=True, check=True, timeout=LONGEST_SECONDS)
    return sorted((folder / "cache" / "archives").glob("*.deb"))


def _mirror(suite: str) -> str:
    """The archive from which this system has its own packages."""
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI)"]
    found = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split()
    is_security = suite.endswith("-security")
    fits = [each for each in found if "debian" in each and ("security" in each) == is_security]
    return (fits or [f"https://deb.debian.org/debian{'-security' if is_security else ''}"])[0]


def main() -> int:
    """Unpacks it, or says that it cannot be had; returns the exit status."""
    if unpack() is not None:
        return 0
    print(MISSING)
    return 1


if __name__ == "__main__":
    sys.exit(main())
