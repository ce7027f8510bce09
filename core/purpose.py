"""What an installation is for."""

from enum import StrEnum


class Purpose(StrEnum):
    """Scripted subscribers may exist only in databases marked as demo or rehearsal."""

    SERVICE = "service"
    DEMO = "demo"
    REHEARSAL = "rehearsal"
