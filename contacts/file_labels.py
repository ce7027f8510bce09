"""What the parts of a file are called on screens: by their names in changes, keys of the catalogue."""

LABELS = {
    "telephones": "telephone", "called": "form of address", "timbre": "voice", "call_time": "call time",
    "birth_year": "birth year", "home": "place", "access_notes": "way in", "key_holder": "key holder",
    "key_holder_number": "telephone of the key holder", "areas": "looks after", "second_number": "second telephone",
    "number": "telephone", "email": "e-mail", "chat_address": "chat address",
    "languages": "also speaks", "skills": "can do", "pin": "PIN",
    "absences": "pauses", "relative": "relative", "consent": "consent", "flags": "flags",
    "telephone_state": "state of the telephone", "health_notes": "health",
}  # fmt: skip
"""Whatever is not among them is called as it is."""


def label_of(what: str) -> str:
    """The key of the catalogue."""
    return LABELS.get(what, what)
