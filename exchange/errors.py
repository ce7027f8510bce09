"""What can go wrong, each with Twilio's code for it."""

WEBHOOK_FAILED = 11200
WEBHOOK_UNREACHABLE = 11205
DOCUMENT_UNREADABLE = 12100
DOCUMENT_INVALID = 12200
WRONG_CONTENT_TYPE = 12300
FOREIGN_CALLER_ID = 13214
NUMBER_INVALID = 13223


class CallError(Exception):
    """The service gave a call something that cannot be carried out; ``code`` is Twilio's."""

    def __init__(self, code: int, what: str) -> None:
        super().__init__(what)
        self.code = code
        self.what = what


class ScriptError(ValueError):
    """A subscriber's script is not understood; the message names the place in the JSON and what would be right."""


class TelephoneInUseError(Exception):
    """The subscriber's only telephone is in another call."""
