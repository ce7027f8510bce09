"""The disk: is there room where the database's file lies, and has its log grown without bound?"""

import shutil
from pathlib import Path

from core.settings import Settings
from zaoan.checks.observation import Observation, ok, warning, wrong
from zaoan.process.looking import UnreachableError, url_of

CHECK = "database"
LEAST_FREE_BYTES = 100 << 20
LITTLE_FREE_BYTES = 1 << 30
LARGE_WAL_BYTES = 256 << 20


def examine_disk(chosen: Settings) -> list[Observation]:
    """Whether it is full or nearly so; beside a database server, the disk of our own files."""
    folder = _folder(chosen)
    free = shutil.disk_usage(folder).free
    gaps = {"folder": folder, "free": f"{free / 1e9:.1f} GB"}
    mend = "Make room on that disk, or move the folder to a larger one."
    if free < LEAST_FREE_BYTES:
        return [wrong(CHECK, "The disk of {folder} is full ({free} left).", mend, **gaps)]
    if free < LITTLE_FREE_BYTES:
        return [warning(CHECK, "The disk of {folder} is nearly full ({free} left).", mend, **gaps)]
    return [ok(CHECK, "{free} are free on the disk of {folder}.", **gaps), *_log_size(chosen)]


def _log_size(chosen: Settings) -> list[Observation]:
    path = Path(f"{_file(chosen)}-wal")
    if not path.exists() or path.stat().st_size < LARGE_WAL_BYTES:
        return []
    mend = "Something has been reading for a long time; restart the service, and what else opens the file."
    size = f"{path.stat().st_size / 1e6:.0f} MB"
    return [warning(CHECK, "The write-ahead log has grown to {size}.", mend, size=size)]


def _folder(chosen: Settings) -> Path:
    """The nearest folder that exists: that of the database's file, or of our own files beside a database server."""
    file = _file(chosen)
    folder = (file.parent if file else chosen.data_dir).absolute()
    return next(each for each in (folder, *folder.parents) if each.exists())


def _file(chosen: Settings) -> Path | None:
    try:
        url = url_of(chosen)
    except UnreachableError:
        return None
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
