"""Our own files as browsers load them, and the one file of others: Apache ECharts, as npm has installed it."""

import gzip
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_PUBLISHED: Final = Path(__file__).parents[2] / "node_modules" / "echarts" / "dist" / "echarts.simple.min.js"
"""Its smallest build: bars, lines, their axes and patterns, drawn on a canvas."""
_NAME: Final = "scripts/echarts.js"
_KEPT: Final = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


class OwnFiles(StaticFiles):
    """The folder of our files; 404 for ECharts where it is not installed, without which pages do well."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """One of the files."""
        if path != _NAME or scope["method"] not in {"GET", "HEAD"}:
            return await super().get_response(path, scope)
        if (plain := _echarts()) is None:
            return Response(status_code=404)
        if "gzip" not in Headers(scope=scope).get("Accept-Encoding", ""):
            return Response(plain, headers=_KEPT, media_type="text/javascript")
        return Response(_compressed(), headers=_KEPT | {"Content-Encoding": "gzip"}, media_type="text/javascript")


@cache
def echarts_address() -> str:
    """Where it is: another address for each version, so that a browser may keep it for good."""
    return f"/static/{_NAME}?v={sha256(_echarts() or b'').hexdigest()[:12]}"


@cache
def _compressed() -> bytes:
    """Compressed once, as small as it gets: what is left of a page's 250 kB depends on it."""
    return gzip.compress(_echarts() or b"", 9, mtime=0)


def _echarts() -> bytes | None:
    try:
        return _PUBLISHED.read_bytes()
    except OSError:
        return None
