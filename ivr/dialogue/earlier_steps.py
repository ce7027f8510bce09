"""Steps as earlier versions have written them: one kind of step for everything, told apart by what stands in it.

Calls keep their dialogue, so that a call which an earlier version has queued goes on after an update.
"""

from typing import Any

_MERGED = {"entry": "digits", "recording": "record", "connect": "connect"}
_LAST = "hang_up"


def of_any_version(step: Any) -> Any:
    """The step as it is written now; whatever is none, or says too little, stays what it is."""
    if not isinstance(step, dict) or "kind" in step:
        return step
    for field, kind in _MERGED.items():
        if merged := step.get(field):
            return {**_without(field, step), **merged, "kind": kind}
    if step.get("bridges"):
        return {**_without("bridges", step), "kind": "bridge"}
    if step.get("keys") or step.get("spoken"):
        return {**step, "kind": "menu"}
    if step.get("then") == _LAST:
        return {**_without("then", step), "kind": "end"}
    return {**step, "kind": "say"} if "then" in step else step


def _without(field: str, step: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in step.items() if name != field}
