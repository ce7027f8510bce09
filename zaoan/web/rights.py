"""The table of rights: which access role, or which scope of a token, may ask for which route.

It alone decides. A route without a row is refused to everybody, and a test fails that compares the table with the
routes there are (``tests/zaoan/web/test_rights.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.identity.roles import USER_ROLES, AccessRole, Scope
from core.identity.visitor import Visitor
from zaoan.web.paths import SPEED_PATH


class Open(StrEnum):
    """Why a route asks nobody who they are."""

    SIGNED = "signed"
    """The request is signed by the provider, which its route checks."""
    SECRET_ADDRESS = "secret address"
    """Only whoever was told the address can know it: it carries a secret."""
    ANYBODY = "anybody"


@dataclass(frozen=True)
class Right:
    """Who may ask for a route: the ``roles`` of users, or the ``scope`` that a token needs, or everybody (``open``).

    ``audited``: who asked, for what, and what was answered, is noted before a byte of the answer leaves.
    """

    roles: frozenset[AccessRole] = frozenset()
    scope: Scope | None = None
    open: Open | None = None
    audited: bool = False

    def allows(self, visitor: Visitor) -> bool:
        """Whether this visitor may."""
        if visitor.role is AccessRole.API_CLIENT:
            return self.scope is not None and self.scope in visitor.scopes
        return visitor.role in self.roles


def _roles(*roles: AccessRole, audited: bool = False) -> Right:
    return Right(roles=frozenset(roles), audited=audited)


def _scope(scope: Scope) -> Right:
    return Right(scope=scope, audited=True)


SIGNED, SECRET, ANYBODY = (Right(open=each) for each in Open)
_STAFF = (AccessRole.ADMINISTRATOR, AccessRole.OFFICE)
STAFF = _roles(*_STAFF)
FILE = _roles(*_STAFF, audited=True)
"""What shows a person's file, or changes something."""
OWN = _roles(*USER_ROLES)
OWN_CHANGE = _roles(*USER_ROLES, audited=True)
ADMINISTRATION = _roles(AccessRole.ADMINISTRATOR, audited=True)
SETTING_UP = _roles(AccessRole.ADMINISTRATOR)
"""What names no resident, and holds for all of them."""
AUDIT = _roles(AccessRole.ADMINISTRATOR, AccessRole.AUDITOR)
NAMELESS = _roles(*_STAFF, AccessRole.AUDITOR)
"""What names no resident: staff look at it, and whoever looks after them."""

_PROVIDER: Mapping[str, Right] = {
    "POST /telephony/calls/{call_id}/turns/{number}": SIGNED,
    "POST /telephony/calls/{call_id}/turns/{number}/recording": SIGNED,
    "POST /telephony/calls/{call_id}/fallback": SIGNED,
    "POST /telephony/calls/{call_id}/status": SIGNED,
    "POST /telephony/calls/{call_id}/machine": SIGNED,
    "POST /telephony/inbound/voice": SIGNED,
    "POST /telephony/inbound/status": SIGNED,
    "POST /telephony/inbound/text": SIGNED,
    "POST /telephony/texts/{text_id}/status": SIGNED,
    f"POST {SPEED_PATH}": SIGNED,
    "POST /telephony/speech": SIGNED,
    "GET /telephony/audio/{name}.wav": SECRET,
}
_PAGES: Mapping[str, Right] = {
    "GET /": STAFF,
    "GET /today/parts": STAFF,
    "POST /today/parts": STAFF,
    "GET /today/houses/{key}": FILE,
    "GET /today/cases/{case_id}": FILE,
    "POST /today/cases/{case_id}/accept": FILE,
    "POST /today/cases/{case_id}/set-out": FILE,
    "POST /today/cases/{case_id}/arrive": FILE,
    "POST /today/cases/{case_id}/close": FILE,
    "GET /today/messages/{recording_id}.wav": FILE,
    "GET /cases": FILE,
    "GET /cases/{case_id}": FILE,
    "POST /cases/{case_id}/accept": FILE,
    "POST /cases/{case_id}/move": FILE,
    "POST /cases/{case_id}/notes": FILE,
    "POST /cases/{case_id}/hand-over": FILE,
    "POST /cases/{case_id}/give-back": FILE,
    "POST /cases/{case_id}/connect": FILE,
    "POST /cases/{case_id}/ring-again": FILE,
    "POST /cases/{case_id}/merge": FILE,
    "POST /cases/{case_id}/reopen": FILE,
    "POST /cases/{case_id}/close": FILE,
    "POST /cases/{case_id}/end-check-ins": FILE,
    "POST /cases/{case_id}/wrong-number": FILE,
    "GET /events": STAFF,
    "GET /print": FILE,
    "GET /find": FILE,
    "GET /campaigns": NAMELESS,
    "POST /campaigns": FILE,
    "GET /campaigns/new": FILE,
    "POST /campaigns/preview": FILE,
    "GET /campaigns/{campaign_id}": NAMELESS,
    "GET /campaigns/{campaign_id}/edit": FILE,
    "POST /campaigns/{campaign_id}/edit": FILE,
    "GET /campaigns/{campaign_id}/people": FILE,
    "POST /campaigns/{campaign_id}/check": FILE,
    "POST /campaigns/{campaign_id}/activate": FILE,
    "POST /campaigns/{campaign_id}/pause": FILE,
    "POST /campaigns/{campaign_id}/resume": FILE,
    "POST /campaigns/{campaign_id}/stop": FILE,
    "POST /campaigns/{campaign_id}/remove": FILE,
    "POST /campaigns/{campaign_id}/sample": FILE,
    "POST /campaigns/{campaign_id}/rounds": FILE,
    "GET /rounds": NAMELESS,
    "POST /rounds/{round_id}/again": FILE,
    "POST /rounds/{round_id}/stop": FILE,
    "GET /rounds/{round_id}": FILE,
    "GET /rounds/{round_id}/report.csv": FILE,
    "GET /rounds/{round_id}/report.pdf": FILE,
    "GET /reports": NAMELESS,
    "GET /reports/{month}": NAMELESS,
    "GET /reports/{month}/report.csv": NAMELESS,
    "GET /reports/{month}/report.pdf": NAMELESS,
    "GET /residents": FILE,
    "GET /residents/new": FILE,
    "POST /residents/new": FILE,
    "GET /residents/import": FILE,
    "POST /residents/import": FILE,
    "POST /residents/import/columns/{column_id}/forget": FILE,
    "GET /residents/import/{draft_id}": FILE,
    "GET /residents/import/{draft_id}/left-out.xlsx": FILE,
    "POST /residents/import/{draft_id}": FILE,
    "POST /residents/import/{draft_id}/cells": FILE,
    "POST /residents/chosen": FILE,
    "GET /residents/chosen/{choice_id}": FILE,
    "GET /residents/chosen/{choice_id}/confirm": FILE,
    "POST /residents/chosen/{choice_id}/changes/{change_id}": FILE,
    "GET /residents/chosen/{choice_id}/changes/{change_id}": FILE,
    "GET /residents/duplicates": FILE,
    "POST /residents/duplicates/distinct": FILE,
    "POST /residents/duplicates/offer-again": FILE,
    "GET /residents/duplicates/{kept_id}/{other_id}": FILE,
    "POST /residents/duplicates/{kept_id}/{other_id}": FILE,
    "GET /residents/{resident_id}": FILE,
    "GET /residents/{resident_id}/health": FILE,
    "POST /residents/{resident_id}/health": FILE,
    "POST /residents/{resident_id}/details": FILE,
    "POST /residents/{resident_id}/greeting": FILE,
    "POST /residents/{resident_id}/flags": FILE,
    "POST /residents/{resident_id}/phones": FILE,
    "POST /residents/{resident_id}/phones/state": FILE,
    "POST /residents/{resident_id}/door": FILE,
    "POST /residents/{resident_id}/move": FILE,
    "POST /residents/{resident_id}/pause": FILE,
    "POST /residents/{resident_id}/resume": FILE,
    "POST /residents/{resident_id}/consent": FILE,
    "POST /residents/{resident_id}/no-calls": FILE,
    "POST /residents/{resident_id}/trial": FILE,
    "POST /residents/{resident_id}/remove": FILE,
    "POST /residents/{resident_id}/restore": FILE,
    "POST /residents/{resident_id}/relatives": FILE,
    "POST /residents/{resident_id}/relatives/{relative_id}": FILE,
    "POST /residents/{resident_id}/relatives/{relative_id}/remove": FILE,
    "POST /residents/{resident_id}/relatives/{relative_id}/link": FILE,
    "POST /residents/{resident_id}/relatives/{relative_id}/link/end": FILE,
    "GET /households/{household_id}": FILE,
    "POST /households/{household_id}/door": FILE,
    "POST /households/{household_id}/move": FILE,
    "POST /households/{household_id}/split": FILE,
    "POST /households/{household_id}/merge": FILE,
    "GET /responders": FILE,
    "GET /responders/new": FILE,
    "POST /responders/new": FILE,
    "GET /responders/{responder_id}": FILE,
    "POST /responders/{responder_id}": FILE,
    "POST /responders/{responder_id}/remove": FILE,
    "POST /responders/{responder_id}/restore": FILE,
    "GET /listen": STAFF,
    "POST /listen/voice": FILE,
    "GET /recordings": STAFF,
    "POST /recordings": FILE,
    "POST /recordings/{recording_id}/remove": FILE,
    "GET /recordings/{recording_id}.wav": STAFF,
    "GET /roster": FILE,
    "POST /roster/shifts": FILE,
    "POST /roster/shifts/{shift_id}/remove": FILE,
    "POST /roster/absences": FILE,
    "POST /roster/absences/{absence_id}/end": FILE,
    "GET /audit": AUDIT,
    "GET /start": SETTING_UP,
    "POST /start/check": ADMINISTRATION,
    "POST /start/call": ADMINISTRATION,
    "GET /settings": SETTING_UP,
    "POST /settings/community": ADMINISTRATION,
    "POST /settings/office": ADMINISTRATION,
    "POST /settings/check": ADMINISTRATION,
    "GET /settings/policies": FILE,
    "GET /settings/policies/{kind}": FILE,
    "POST /settings/policies/{kind}": ADMINISTRATION,
    "GET /users": ADMINISTRATION,
    "POST /users": ADMINISTRATION,
    "POST /users/{user_id}/role": ADMINISTRATION,
    "POST /users/{user_id}/disable": ADMINISTRATION,
    "POST /users/{user_id}/enable": ADMINISTRATION,
    "POST /users/{user_id}/reset": ADMINISTRATION,
    "POST /users/{user_id}/sessions/end": ADMINISTRATION,
    "POST /users/{user_id}/codes/remove": ADMINISTRATION,
    "POST /users/{user_id}/passkeys/remove": ADMINISTRATION,
    "GET /account": OWN,
    "POST /account/password": OWN_CHANGE,
    "POST /account/codes": OWN_CHANGE,
    "POST /account/codes/confirm": OWN_CHANGE,
    "POST /account/codes/stop": OWN_CHANGE,
    "POST /account/sessions/{session_id}/end": OWN_CHANGE,
    "POST /account/passkeys/options": OWN_CHANGE,
    "POST /account/passkeys": OWN_CHANGE,
    "POST /account/passkeys/{passkey_id}/remove": OWN_CHANGE,
    "POST /sign-out": OWN,
    "GET /sign-in": ANYBODY,
    "POST /sign-in": ANYBODY,
    "POST /sign-in/passkey/options": ANYBODY,
    "POST /sign-in/passkey": ANYBODY,
    "GET /invitation/{secret}": SECRET,
    "POST /invitation/{secret}": SECRET,
    "GET /roster/{secret}.ics": SECRET,
    "GET /r/{token}": SECRET,
    "GET /r/{token}/version": SECRET,
    "GET /r/{token}/recordings/{recording_id}.wav": SECRET,
    "POST /r/{token}/accept": SECRET,
    "POST /r/{token}/decline": SECRET,
    "POST /r/{token}/away": SECRET,
    "POST /r/{token}/back": SECRET,
    "POST /r/{token}/show": SECRET,
    "POST /r/{token}/move": SECRET,
    "POST /r/{token}/talk": SECRET,
    "POST /r/{token}/give-back": SECRET,
    "POST /r/{token}/close": SECRET,
    "POST /r/{token}/new-link": SECRET,
    "GET /f/{token}": SECRET,
    "GET /f/{token}/version": SECRET,
    "POST /f/{token}/open": SECRET,
    "POST /f/{token}/spoke": SECRET,
    "POST /f/{token}/away": SECRET,
    "POST /f/{token}/back": SECRET,
    "POST /f/{token}/wishes": SECRET,
    "POST /f/{token}/again": SECRET,
}
_HEALTH: Mapping[str, Right] = {
    "GET /healthz": ANYBODY,
    "GET /readyz": ANYBODY,
    "GET /metrics": ANYBODY,  # figures alone: Prometheus signs in nowhere
    "GET /api/openapi.json": ANYBODY,
    "GET /static/{path}": ANYBODY,
}
V1 = "/api/v1"
_API: Mapping[str, Scope] = {
    f"GET {V1}/residents": Scope.RESIDENTS_READ,
    f"POST {V1}/residents": Scope.RESIDENTS_WRITE,
    f"POST {V1}/residents:import": Scope.RESIDENTS_WRITE,
    f"GET {V1}/residents/{{resident_id}}": Scope.RESIDENTS_READ,
    f"PATCH {V1}/residents/{{resident_id}}": Scope.RESIDENTS_WRITE,
    f"GET {V1}/residents/{{resident_id}}/remarks": Scope.RESIDENTS_READ,
    f"POST {V1}/residents/{{resident_id}}/pause": Scope.RESIDENTS_WRITE,
    f"POST {V1}/residents/{{resident_id}}/resume": Scope.RESIDENTS_WRITE,
    f"POST {V1}/residents/{{resident_id}}/consent": Scope.RESIDENTS_WRITE,
    f"POST {V1}/residents/{{resident_id}}/remove": Scope.RESIDENTS_WRITE,
    f"POST {V1}/residents/{{resident_id}}/restore": Scope.RESIDENTS_WRITE,
    f"GET {V1}/residents/{{resident_id}}/export": Scope.RESIDENTS_EXPORT,
    f"POST {V1}/residents/{{resident_id}}/erase": Scope.RESIDENTS_ERASE,
    f"GET {V1}/residents/{{resident_id}}/relatives": Scope.RESIDENTS_READ,
    f"POST {V1}/residents/{{resident_id}}/relatives": Scope.RESIDENTS_WRITE,
    f"GET {V1}/residents/{{resident_id}}/file": Scope.RESIDENTS_READ,
    f"GET {V1}/residents/duplicates": Scope.RESIDENTS_READ,
    f"POST {V1}/residents/{{resident_id}}/merge": Scope.RESIDENTS_WRITE,
    f"POST {V1}/residents/{{resident_id}}/distinct": Scope.RESIDENTS_WRITE,
    f"DELETE {V1}/residents/{{resident_id}}/distinct/{{other_id}}": Scope.RESIDENTS_WRITE,
    f"GET {V1}/residents/{{resident_id}}/history": Scope.RESIDENTS_READ,
    f"GET {V1}/households/{{household_id}}/history": Scope.RESIDENTS_READ,
    f"POST {V1}/residents/{{resident_id}}/phones": Scope.RESIDENTS_WRITE,
    f"GET {V1}/residents/{{resident_id}}/health": Scope.HEALTH_READ,
    f"PATCH {V1}/residents/{{resident_id}}/health": Scope.HEALTH_WRITE,
    f"GET {V1}/relatives/{{relative_id}}": Scope.RESIDENTS_READ,
    f"PATCH {V1}/relatives/{{relative_id}}": Scope.RESIDENTS_WRITE,
    f"DELETE {V1}/relatives/{{relative_id}}": Scope.RESIDENTS_WRITE,
    f"POST {V1}/relatives/{{relative_id}}/link": Scope.RESIDENTS_WRITE,
    f"POST {V1}/relatives/{{relative_id}}/link/end": Scope.RESIDENTS_WRITE,
    f"GET {V1}/households": Scope.RESIDENTS_READ,
    f"POST {V1}/households": Scope.RESIDENTS_WRITE,
    f"GET {V1}/households/{{household_id}}": Scope.RESIDENTS_READ,
    f"PATCH {V1}/households/{{household_id}}": Scope.RESIDENTS_WRITE,
    f"POST {V1}/households/{{household_id}}/move": Scope.RESIDENTS_WRITE,
    f"POST {V1}/households/{{household_id}}/split": Scope.RESIDENTS_WRITE,
    f"POST {V1}/households/{{household_id}}/merge": Scope.RESIDENTS_WRITE,
    f"GET {V1}/areas": Scope.RESIDENTS_READ,
    f"POST {V1}/areas": Scope.RESIDENTS_WRITE,
    f"GET {V1}/areas/{{area_id}}": Scope.RESIDENTS_READ,
    f"PATCH {V1}/areas/{{area_id}}": Scope.RESIDENTS_WRITE,
    f"DELETE {V1}/areas/{{area_id}}": Scope.RESIDENTS_WRITE,
    f"POST {V1}/areas/{{area_id}}/move": Scope.RESIDENTS_WRITE,
    f"GET {V1}/responders": Scope.RESPONDERS_READ,
    f"POST {V1}/responders": Scope.RESPONDERS_WRITE,
    f"GET {V1}/responders/{{responder_id}}": Scope.RESPONDERS_READ,
    f"PATCH {V1}/responders/{{responder_id}}": Scope.RESPONDERS_WRITE,
    f"POST {V1}/responders/{{responder_id}}/remove": Scope.RESPONDERS_WRITE,
    f"POST {V1}/responders/{{responder_id}}/restore": Scope.RESPONDERS_WRITE,
    f"GET {V1}/shifts": Scope.RESPONDERS_READ,
    f"POST {V1}/shifts": Scope.RESPONDERS_WRITE,
    f"GET {V1}/shifts/{{shift_id}}": Scope.RESPONDERS_READ,
    f"PATCH {V1}/shifts/{{shift_id}}": Scope.RESPONDERS_WRITE,
    f"DELETE {V1}/shifts/{{shift_id}}": Scope.RESPONDERS_WRITE,
    f"POST {V1}/shifts/{{shift_id}}/swap": Scope.RESPONDERS_WRITE,
    f"POST {V1}/shifts/{{shift_id}}/undo-swap": Scope.RESPONDERS_WRITE,
    f"GET {V1}/absences": Scope.RESPONDERS_READ,
    f"POST {V1}/absences": Scope.RESPONDERS_WRITE,
    f"GET {V1}/absences/{{absence_id}}": Scope.RESPONDERS_READ,
    f"DELETE {V1}/absences/{{absence_id}}": Scope.RESPONDERS_WRITE,
    f"GET {V1}/on-duty": Scope.RESPONDERS_READ,
    f"GET {V1}/policies": Scope.RESPONDERS_READ,
    f"GET {V1}/policies/{{kind}}": Scope.RESPONDERS_READ,
    f"PATCH {V1}/policies/{{kind}}": Scope.RESPONDERS_WRITE,
    f"GET {V1}/policies/{{kind}}/preview": Scope.RESPONDERS_READ,
    f"GET {V1}/campaigns": Scope.CAMPAIGNS_READ,
    f"POST {V1}/campaigns": Scope.CAMPAIGNS_WRITE,
    f"GET {V1}/campaigns/{{campaign_id}}": Scope.CAMPAIGNS_READ,
    f"PATCH {V1}/campaigns/{{campaign_id}}": Scope.CAMPAIGNS_WRITE,
    f"DELETE {V1}/campaigns/{{campaign_id}}": Scope.CAMPAIGNS_WRITE,
    f"GET {V1}/campaigns/{{campaign_id}}/check": Scope.CAMPAIGNS_READ,
    f"POST {V1}/campaigns/{{campaign_id}}/activate": Scope.CAMPAIGNS_WRITE,
    f"POST {V1}/campaigns/{{campaign_id}}/pause": Scope.CAMPAIGNS_WRITE,
    f"POST {V1}/campaigns/{{campaign_id}}/resume": Scope.CAMPAIGNS_WRITE,
    f"POST {V1}/campaigns/{{campaign_id}}/stop": Scope.CAMPAIGNS_WRITE,
    f"POST {V1}/campaigns/{{campaign_id}}/rounds": Scope.ROUNDS_WRITE,
    f"GET {V1}/rounds": Scope.ROUNDS_READ,
    f"GET {V1}/rounds/{{round_id}}": Scope.ROUNDS_READ,
    f"GET {V1}/rounds/{{round_id}}/check-ins": Scope.ROUNDS_READ,
    f"GET {V1}/rounds/{{round_id}}/report": Scope.ROUNDS_READ,
    f"GET {V1}/rounds/{{round_id}}/report.csv": Scope.ROUNDS_READ,
    f"GET {V1}/rounds/{{round_id}}/report.pdf": Scope.ROUNDS_READ,
    f"POST {V1}/rounds/{{round_id}}/stop": Scope.ROUNDS_WRITE,
    f"GET {V1}/reports/{{month}}": Scope.ROUNDS_READ,
    f"GET {V1}/cases": Scope.CASES_READ,
    f"GET {V1}/cases/{{case_id}}": Scope.CASES_READ,
    f"POST {V1}/cases/{{case_id}}/accept": Scope.CASES_WRITE,
    f"POST {V1}/cases/{{case_id}}/on-the-way": Scope.CASES_WRITE,
    f"POST {V1}/cases/{{case_id}}/on-site": Scope.CASES_WRITE,
    f"POST {V1}/cases/{{case_id}}/on-phone": Scope.CASES_WRITE,
    f"POST {V1}/cases/{{case_id}}/notes": Scope.CASES_WRITE,
    f"POST {V1}/cases/{{case_id}}/hand-over": Scope.CASES_WRITE,
    f"POST {V1}/cases/{{case_id}}/give-back": Scope.CASES_WRITE,
    f"POST {V1}/cases/{{case_id}}/connect": Scope.CASES_WRITE,
    f"POST {V1}/cases/{{case_id}}/ring-again": Scope.CASES_WRITE,
    f"POST {V1}/cases/{{case_id}}/merge": Scope.CASES_WRITE,
    f"POST {V1}/cases/{{case_id}}/reopen": Scope.CASES_WRITE,
    f"POST {V1}/cases/{{case_id}}/close": Scope.CASES_WRITE,
    f"GET {V1}/pages": Scope.CASES_READ,
    f"GET {V1}/calls/{{call_id}}": Scope.CALLS_READ,
    f"GET {V1}/webhooks": Scope.WEBHOOKS_READ,
    f"POST {V1}/webhooks": Scope.WEBHOOKS_WRITE,
    f"GET {V1}/webhooks/{{webhook_id}}": Scope.WEBHOOKS_READ,
    f"PATCH {V1}/webhooks/{{webhook_id}}": Scope.WEBHOOKS_WRITE,
    f"DELETE {V1}/webhooks/{{webhook_id}}": Scope.WEBHOOKS_WRITE,
    f"POST {V1}/webhooks/{{webhook_id}}/rotate": Scope.WEBHOOKS_WRITE,
    f"POST {V1}/webhooks/{{webhook_id}}/test": Scope.WEBHOOKS_WRITE,
    f"GET {V1}/webhooks/{{webhook_id}}/deliveries": Scope.WEBHOOKS_READ,
}
TABLE: Mapping[str, Right] = {**_PROVIDER, **_PAGES, **_HEALTH, **{each: _scope(scope) for each, scope in _API.items()}}
"""By method and route."""
WITH_NAMES: Mapping[str, Right] = {name: FILE for name in _PAGES if name.startswith("GET /reports/{month}")}
"""The rights of routes that name residents when they are asked to (``names=``), which is more than they need else."""


def right_of(name: str, *, names: bool) -> Right | None:
    """What a request for this route needs; ``names`` says that its address asks for names. None: nobody may."""
    named = WITH_NAMES.get(name) if names else None
    return named or TABLE.get(name)
