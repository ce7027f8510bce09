"""Which route a request is for, found before it is routed: the table of rights goes by routes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute, Mount, Route, compile_path

READ = "GET"


@dataclass(frozen=True)
class Asked:
    """A route by its name in the table (``GET /cases/{case_id}``), and what the address fills its gaps with."""

    name: str
    gaps: Mapping[str, str]


class Routes:
    """All routes of an application; ``of`` is how many it had when they were looked up."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self.of = len(routes)
        found = list(every_route(routes))
        self._plain = {(method, path) for path, methods in found for method in methods if "{" not in path}
        self._patterns: Sequence[tuple[re.Pattern[str], str, frozenset[str]]] = [
            (compile_path(path)[0], path, methods) for path, methods in found if "{" in path
        ]

    @property
    def names(self) -> set[str]:
        """Each as the table names it."""
        plain = {f"{method} {path}" for method, path in self._plain}
        return plain | {f"{method} {_shown(path)}" for _, path, methods in self._patterns for method in methods}

    def find(self, method: str, path: str) -> Asked | None:
        """The route for this request; None where there is none, which the application says itself."""
        method = READ if method == "HEAD" else method
        if (method, path) in self._plain:
            return Asked(f"{method} {path}", {})
        for pattern, template, methods in self._patterns:
            if method in methods and (match := pattern.match(path)):
                return Asked(f"{method} {_shown(template)}", match.groupdict())
        return None


def every_route(routes: Iterable[BaseRoute], prefix: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    """The path and methods of each, those of routers that were included and of folders that are served, too."""
    for route in routes:
        if isinstance(route, Route):
            yield prefix + route.path, frozenset(route.methods or ()) - {"HEAD"}
        elif isinstance(route, Mount):
            yield f"{prefix}{route.path}/{{path:path}}", frozenset({READ})
        elif router := getattr(route, "original_router", None):
            yield from every_route(router.routes, prefix)


def _shown(template: str) -> str:
    """``{path:path}`` is called ``{path}``."""
    return re.sub(r"{(\w+):\w+}", r"{\1}", template)
