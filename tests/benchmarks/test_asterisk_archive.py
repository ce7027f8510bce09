"""Asterisk is kept once for a user, whole, and what cannot be fetched is said in one sentence."""

import subprocess

import pytest

from benchmarks.asterisk import archive
from benchmarks.calls import beside_asterisk, sip_line
from benchmarks.calls.sip_line import Measured


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Where it is kept, and nowhere else."""
    monkeypatch.setattr(archive, "_places", lambda: iter([tmp_path / "kept" / "asterisk"]))
    return tmp_path / "kept" / "asterisk"


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """An archive that has one package, and what was fetched from it so far."""
    tree, fetched = tmp_path / "tree", []
    for name, text in {"DEBIAN/control": CONTROL, str(archive.PROGRAM): "the program\n"}.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)

    def fetch(folder):
        fetched.append(folder)
        package = tmp_path / "asterisk.deb"
        subprocess.run(["dpkg-deb", "--build", str(tree), str(package)], check=True, stdout=subprocess.DEVNULL)
        return [package]

    monkeypatch.setattr(archive, "_packages", fetch)
    return fetched


CONTROL = "Package: asterisk\nVersion: 1\nArchitecture: all\nMaintainer: a test\nDescription: a test\n"


def test_it_is_fetched_once_and_found(place, packages):
    assert archive.find() is None
    assert archive.unpack() == archive.unpack() == archive.find() == place / "root"
    assert (place / "root" / archive.PROGRAM).read_text() == "the program\n"
    assert len(packages) == 1


def test_a_file_that_is_not_what_was_unpacked_is_fetched_again(place, packages):
    archive.unpack()
    (place / "root" / archive.PROGRAM).write_text("something else\n")
    assert not archive.is_intact(place)
    archive.unpack()
    assert len(packages) == 2
    assert archive.is_intact(place)


def test_an_archive_that_cannot_be_reached_is_said_in_one_sentence(place, monkeypatch, capsys):
    def fails(_):
        raise subprocess.CalledProcessError(100, "apt-get")

    monkeypatch.setattr(archive, "_packages", fails)
    assert archive.main() == 1
    assert capsys.readouterr().out == f"{archive.MISSING}\n"
    assert not place.parent.exists()


def test_without_it_there_are_no_figures_beside_it_and_a_sentence(place, capsys):
    assert beside_asterisk.figures() == []
    assert capsys.readouterr().err == f"{archive.MISSING}\n"


def test_each_figure_is_a_multiple_of_asterisks():
    figures = beside_asterisk.compared(
        Measured(0.5, 90, [3, 4], [80, 80], [20, 20]), Measured(1, 45, [6, 8], [40, 40], [80, 80])
    )
    assert [figure.ratio for figure in figures] == pytest.approx([0.5, 2, 0.5, 2, 0.25], rel=0.02)
    assert [figure.unit for figure in figures] == ["% of a core", "MB", "ms", "ms", "ms"]
    assert f"{sip_line.CALLS} calls" in figures[1].name
    assert "45 MB" in figures[1].beside
