"""What the first start keeps in the database holds from then on: a setting that says something else is an error.

Only a setting that was given contradicts, never a default. ``ZAOAN_LANGUAGE`` is the reader's own: it never does.
"""

from contacts.community.kept_settings import KEPT
from contacts.models import Community
from core.running.installation import DisagreementError
from core.settings import Settings


def agree(chosen: Settings, community: Community) -> None:
    """Raises the first of ``disagreements``."""
    for each in disagreements(chosen, community):
        raise each


def disagreements(chosen: Settings, community: Community) -> list[DisagreementError]:
    """One for each setting that was given and is not what the database keeps."""
    given = {setting: getattr(chosen, setting) for setting in KEPT if setting in chosen.model_fields_set}
    return [
        _disagreement(setting, value, getattr(community, KEPT[setting]))
        for setting, value in given.items()
        if value != getattr(community, KEPT[setting])
    ]


def _disagreement(setting: str, value: str, kept: str) -> DisagreementError:
    name, option = f"ZAOAN_{setting.upper()}", f"--{KEPT[setting].replace('_', '-')}"
    return DisagreementError(
        "{field}={value}, but this installation keeps “{kept}”.",
        way_out="Remove {field} (from the environment or zaoan.toml), "
        "or change what is kept: zaoan community set {option} {value}",
        field=name,
        value=value,
        kept=kept,
        option=option,
    )
