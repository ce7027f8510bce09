"""What an installation keeps on disk is closed to others by every start, and nothing else is touched."""

from core.settings import Settings
from ivr.webhooks import reports, spooled_answers
from zaoan.process.places import OWN_NAMES, close_to_others


def installation_in(folder):
    return Settings(database_url=f"sqlite:///{folder / 'zaoan.db'}", data_dir=folder)


def opened_to_all(folder):
    """As an earlier version has left it."""
    folder.mkdir(mode=0o755)
    for name in ("zaoan.db", "zaoan.db-wal", "secret_key", "exchange.jsonl"):
        (folder / name).touch(mode=0o644)
    for name in ("clips", "workers", "unrecorded", "reports"):
        (folder / name).mkdir(mode=0o755)
    return folder


def test_a_folder_in_which_only_our_own_lies_is_closed_with_all_of_it(tmp_path):
    folder = opened_to_all(tmp_path / "var")
    close_to_others(installation_in(folder))
    assert folder.stat().st_mode & 0o777 == 0o700
    modes = {each.name: each.stat().st_mode & 0o777 for each in folder.iterdir()}
    assert set(modes.values()) == {0o600, 0o700}
    assert modes["secret_key"] == modes["zaoan.db-wal"] == 0o600


def test_a_folder_of_others_stays_as_it_is_and_our_own_in_it_is_closed(tmp_path):
    folder = opened_to_all(tmp_path / "srv")
    theirs = folder / "website.html"
    theirs.touch(mode=0o644)
    close_to_others(installation_in(folder))
    assert folder.stat().st_mode & 0o777 == 0o755
    assert theirs.stat().st_mode & 0o777 == 0o644
    assert (folder / "zaoan.db").stat().st_mode & 0o777 == 0o600


def test_every_folder_that_the_telephone_keeps_is_known():
    assert {reports.FOLDER, spooled_answers.FOLDER} <= set(OWN_NAMES)
