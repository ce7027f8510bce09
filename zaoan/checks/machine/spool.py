"""The spool: does anything wait on this machine's disk that the database did not take, or never will?"""

from pathlib import Path

from core.settings import Settings
from ivr.webhooks import reports, spooled_answers
from ivr.webhooks.spool import SET_ASIDE, folder_of
from zaoan.checks.observation import Observation, ok, warning, wrong

CHECK = "spool"


def examine_spool(chosen: Settings) -> list[Observation]:
    """How many answers and reports wait, and how many were set aside."""
    answers, told = (folder_of(chosen.data_dir, each) for each in (spooled_answers.FOLDER, reports.FOLDER))
    waiting = _count(answers) + _count(told)
    found = [*_set_aside(answers / SET_ASIDE, told / SET_ASIDE)]
    if waiting:
        said = "{count} {count:answer or report waits|answers and reports wait} until the database can take them."
        mend = "They are stored by themselves once the database answers; if they stay here, read the log."
        found.append(warning(CHECK, said, mend, count=waiting))
    return found or [ok(CHECK, "Every answer and every report was stored.")]


def _set_aside(answers: Path, told: Path) -> list[Observation]:
    found = []
    if count := _count(answers):
        said = "{count} {count:answer|answers} could never be stored; a person was told. See {folder}."
        mend = "Make sure that somebody has asked these residents how they are, then delete the files."
        found.append(wrong(CHECK, said, mend, count=count, folder=answers))
    if count := _count(told):
        said = "{count} {count:report|reports} of the provider could never be stored. See {folder}."
        mend = "Please report it with the log; what they said was asked of the provider. Then delete the files."
        found.append(warning(CHECK, said, mend, count=count, folder=told))
    return found


def _count(folder: Path) -> int:
    return sum(1 for _ in folder.glob("*.json"))
