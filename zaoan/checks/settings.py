"""Settings: can they be read, does everybody's name exist, and do they fit what the installation is for?"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from contacts.community.community import find_community
from contacts.models import Community
from core import settings
from core.errors import UserError
from core.i18n import Language
from core.purpose import Purpose
from core.refusals import refusal
from core.running import installation
from core.running.installation import DisagreementError, Installation
from core.running.private_files import is_open_to_others
from core.settings import (
    FILE,
    TWILIO_API_URL,
    UNREADABLE,
    UNREADABLE_FILE,
    WRITE_IT,
    Environment,
    Settings,
    Telephony,
    in_file,
)
from zaoan.checks.observation import Observation, ok, warning, wrong
from zaoan.process.agreement import disagreements
from zaoan.process.looking import NoDatabaseError, UnreachableError, looking
from zaoan.process.places import place_of

CHECK = "settings"
PREFIX = "ZAOAN_"
SHORTEST_SECRET = 16
KNOWN = tuple(f"{PREFIX}{name.upper()}" for name in Settings.model_fields)


def read_settings(
    environ: Mapping[str, str], spoken: Language = Language.ENGLISH
) -> tuple[Settings | None, list[Observation]]:
    """The settings of the environment and of ``zaoan.toml`` here, None when they are wrong, and what is to be said.

    What is refused is said in the language ``spoken``.
    """
    strange = [_strange(name, name) for name in sorted(unknown_names(environ))]
    try:
        written = in_file()
    except UNREADABLE as failure:
        return None, [*strange, wrong(CHECK, UNREADABLE_FILE, WRITE_IT, file=FILE, reason=failure)]
    strange += [_strange(name, f"{FILE}: {name}") for name in sorted(set(written) - set(Settings.model_fields))]
    try:
        return Settings(), strange
    except ValidationError as failure:
        return None, [*strange, *_refused(failure, spoken)]


def unknown_names(names: Iterable[str]) -> set[str]:
    """Names that look like settings of ours and are none."""
    return {name for name in names if name.upper().startswith(PREFIX) and name.upper() not in KNOWN}


def examine_settings(chosen: Settings) -> list[Observation]:
    """What settings that can be read still leave to be said."""
    kept = _kept(chosen)
    name, zone = (kept[1].name, kept[1].timezone) if kept else (chosen.community, chosen.timezone)
    local = datetime.now(ZoneInfo(zone))
    said = "Read. {community}, language {language}, time zone {zone} (it is {time} there)."
    read = ok(CHECK, said, community=name, language=settings.current().language.value, zone=zone,
              time=local.strftime("%H:%M"))  # fmt: skip
    return [read, _place(chosen), *_contradictions(chosen, kept), *_secret(chosen), *_private(chosen),
            *_environment(chosen)]  # fmt: skip


def _kept(chosen: Settings) -> tuple[Installation, Community] | None:
    """What the first start keeps; None before it, or where the database does not answer (another check says so)."""
    try:
        with looking(chosen) as session:
            installed, community = installation.find(session), find_community(session)
            session.expunge_all()
            return (installed, community) if installed and community else None
    except (NoDatabaseError, UnreachableError):
        return None


def _place(chosen: Settings) -> Observation:
    try:
        return ok(CHECK, "The installation is at {place}.", place=place_of(chosen))
    except UserError as mistake:
        return wrong(CHECK, mistake.message, mistake.way_out, **mistake.parameters)


def _contradictions(chosen: Settings, kept: tuple[Installation, Community] | None) -> list[Observation]:
    """Settings that say something else than the database keeps: nothing starts before they are mended."""
    if kept is None:
        return []
    installed, community = kept
    found = disagreements(chosen, community)
    try:
        if installed.purpose == Purpose.SERVICE:
            installation.agree(installed, chosen)
    except DisagreementError as clock:
        found.append(clock)
    return [wrong(CHECK, each.message, each.way_out, **each.parameters) for each in found]


def has_secret(chosen: Settings) -> bool:
    """Whether there is a secret key already; the service makes one when it first starts."""
    return bool(chosen.secret_key.get_secret_value()) or (chosen.data_dir / "secret_key").exists()


def _secret(chosen: Settings) -> list[Observation]:
    if not has_secret(chosen):
        mend = "Start the service once (`zaoan up`): it makes one and keeps it in {folder}."
        return [warning(CHECK, "There is no secret key yet.", mend, folder=chosen.data_dir)]
    given = chosen.secret_key.get_secret_value()
    if given and len(given) < SHORTEST_SECRET:
        mend = "Give ZAOAN_SECRET_KEY at least {least} characters that nobody can guess."
        return [warning(CHECK, "The secret key is short.", mend, least=SHORTEST_SECRET)]
    return []


def _private(chosen: Settings) -> list[Observation]:
    """The service closes what it has made itself; a folder in which something else lies is for its owner to close."""
    if not is_open_to_others(chosen.data_dir):
        return []
    said, mend = "Other users of this machine can look into {folder}.", "Close it: chmod 700 {folder}"
    return [warning(CHECK, said, mend, folder=chosen.data_dir)]


def _environment(chosen: Settings) -> list[Observation]:
    real = chosen.telephony is Telephony.TWILIO and chosen.twilio_api_url.rstrip("/") == TWILIO_API_URL
    if real and chosen.environment is not Environment.PRODUCTION:
        mend = "Set ZAOAN_ENVIRONMENT=production, which refuses whatever only simulates."
        return [warning(CHECK, "Real telephones are rung, but the installation is not marked as production.", mend)]
    return []


def _strange(name: str, shown: str) -> Observation:
    """``shown`` says also where it stands."""
    said = "There is no setting {name}."
    near = get_close_matches(name.upper().removeprefix(PREFIX), [each.removeprefix(PREFIX) for each in KNOWN], n=1)
    if not near:
        return wrong(CHECK, said, "Remove it, or look its name up in docs/settings.md.", name=shown)
    meant = PREFIX + near[0] if name.upper().startswith(PREFIX) else near[0].lower()
    return wrong(CHECK, said, "Was {meant} meant?", name=shown, meant=meant)


def _refused(failure: ValidationError, spoken: Language) -> list[Observation]:
    """What the settings themselves refuse; the values stay unsaid, because some are secret."""
    refused = [each for each in failure.errors(include_input=False) if each["type"] != "extra_forbidden"]
    return [
        wrong(
            CHECK,
            "{name}: {reason}.",
            "Change it; docs/settings.md says what it may be.",
            name=PREFIX + "_".join(str(part).upper() for part in each["loc"]) if each["loc"] else "ZAOAN_*",
            reason=refusal(each, spoken),
        )
        for each in refused
    ]
