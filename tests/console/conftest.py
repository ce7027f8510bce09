"""A neighbourhood at eight in the morning."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from fastapi.testclient import TestClient

from audio.clips.store import ClipStore
from benchmarks import street as town
from console.shell import links
from console.view.today import rosters
from core import clock, settings
from core.running.installation import Purpose
from core.settings import Settings
from core.storage import database
from tests.console import street
from zaoan.process import key_keeping, wiring
from zaoan.web.app import web_app

PAGE = {"Accept": "text/html", "Accept-Language": "en"}


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A folder with a database in which nobody lives yet, and one with the whole neighbourhood, made once."""
    return _built(tmp_path_factory.mktemp("built"), street.move_in)


@pytest.fixture(scope="session")
def crowded(tmp_path_factory):
    """A folder with the database of three thousand residents in the middle of their morning, made once."""

    def fill():
        town.move_in(3000)
        town.half_a_morning()

    return _built(tmp_path_factory.mktemp("crowded"), fill)


def _built(folder, fill):
    chosen = Settings(
        database_url=f"sqlite:///{folder / 'house.db'}", data_dir=folder, community="槐东社区", area_code="0311"
    )
    before = clock.anchor()
    opened = wiring.open_house(chosen, Purpose.DEMO)
    _copy(folder, "empty.db")
    street.at(street.EIGHT)
    fill()
    _copy(folder, "full.db")
    opened.close()
    clock.set_anchor(before)
    return folder


@pytest.fixture
def house(house_settings, built):
    """An installation of the demo kind in which nobody lives yet, its clock at eight."""
    yield from _opened(house_settings, built / "empty.db")


@pytest.fixture
def neighbourhood(house_settings, built):
    """Twenty-four residents in three houses, and five helpers."""
    yield from _opened(house_settings, built / "full.db")


@pytest.fixture
def large(house_settings, crowded):
    """Three thousand residents in the middle of their morning."""
    yield from _opened(house_settings, crowded / "full.db")


def _copy(folder, name):
    """A file of its own, whatever is still in the write-ahead log."""
    with closing(sqlite3.connect(folder / "house.db")) as connection:
        connection.execute("VACUUM INTO ?", (str(folder / name),))


def _opened(chosen, copied_from):
    before = clock.anchor()
    shutil.copy(copied_from, chosen.data_dir / "zaoan.db")
    shutil.copy(copied_from.parent / key_keeping.FILE, chosen.data_dir)
    settings.use(chosen)
    opened = database.Database(chosen.database_url)
    key_keeping.settle_keys(opened, key_keeping.use_keys(chosen, opened))
    database.use(opened)
    wiring.connect(chosen, chosen.public_url, "http://127.0.0.1:1").voice.close()
    rosters.forget()
    street.at(street.EIGHT)
    yield opened
    clock.set_anchor(before)
    links.set_exchange_page(None)
    opened.close()


@pytest.fixture
def staff(neighbourhood, tmp_path):
    """A browser in the neighbourhood, which follows no redirect and reads English."""
    with TestClient(
        web_app(ClipStore(tmp_path / "clips")), base_url="http://127.0.0.1:8000", follow_redirects=False,
        headers=PAGE,
    ) as client:  # fmt: skip
        yield client


@pytest.fixture
def service(house_settings):
    """A service for real people; call it for a browser."""
    opened = wiring.open_house(house_settings)
    connected = wiring.connect(house_settings, house_settings.public_url, "http://127.0.0.1:1")
    app = web_app(connected.store)
    yield lambda: TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False, headers=PAGE)
    connected.voice.close()
    opened.close()
