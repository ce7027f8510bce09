"""Access roles of users and scopes of API tokens: the words of the table of rights."""

from enum import StrEnum


class AccessRole(StrEnum):
    """What whoever signs in may do; a user has one of them, in one community."""

    ADMINISTRATOR = "administrator"
    """Everything that the office may, and users, tokens and the audit log."""
    OFFICE = "office"
    """Looks after residents, campaigns and cases."""
    RESPONDER = "responder"
    RELATIVE = "relative"
    AUDITOR = "auditor"
    """Reads what was done, and no personal detail."""
    API_CLIENT = "api_client"
    """A program with a token; what it may do are its scopes."""


USER_ROLES = tuple(each for each in AccessRole if each is not AccessRole.API_CLIENT)
"""What a person may be; a token makes an API client."""


class Scope(StrEnum):
    """What an API token may do: ``read`` looks, ``write`` changes (and does not look)."""

    RESIDENTS_READ = "residents:read"
    RESIDENTS_WRITE = "residents:write"
    RESIDENTS_EXPORT = "residents:export"
    """All that is kept about a resident, health and recordings included."""
    RESIDENTS_ERASE = "residents:erase"
    HEALTH_READ = "health:read"
    HEALTH_WRITE = "health:write"
    """Notes of health, which stand apart from a file."""
    RESPONDERS_READ = "responders:read"
    RESPONDERS_WRITE = "responders:write"
    CAMPAIGNS_READ = "campaigns:read"
    CAMPAIGNS_WRITE = "campaigns:write"
    ROUNDS_READ = "rounds:read"
    ROUNDS_WRITE = "rounds:write"
    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    CALLS_READ = "calls:read"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"
