"""What helpers can be told to do in a rehearsal: the words of its option, before any table is loaded."""

from enum import StrEnum


class Helpers(StrEnum):
    """What all who could be asked do."""

    SILENT = "silent"
    DECLINING = "declining"
    SLOW = "slow"
