"""Settings that begin a community: once it is there its own record holds, and a setting must not say something else.

Only a setting that was given contradicts, never a default: where one does, the service does not start.
"""

from collections.abc import Mapping

from contacts.models import Community
from core.errors import ConflictError
from core.settings import Settings

KEPT = {"community": "name", "timezone": "timezone", "region": "region", "area_code": "area_code"}
"""Those settings, and the field of ``Community`` in which each is kept."""


def given(chosen: Settings) -> Mapping[str, str]:
    """The fields of the community that a setting of this service names as well: field → ``ZAOAN_…``."""
    return {field: f"ZAOAN_{name.upper()}" for name, field in KEPT.items() if name in chosen.model_fields_set}


def refuse_given(chosen: Settings, community: Community, wanted: Mapping[str, str]) -> None:
    """Raises ``ConflictError`` where a field that a setting names would be changed: the next start would fail by it."""
    for field, setting in given(chosen).items():
        if field in wanted and wanted[field].strip() != getattr(community, field):
            raise ConflictError(
                "{setting} is set for this service, too: changed here, it would not start again.",
                way_out="Remove {setting} from the environment or zaoan.toml, restart, and change it here.",
                field=field.replace("_", "-"), value=wanted[field], setting=setting,
            )  # fmt: skip
