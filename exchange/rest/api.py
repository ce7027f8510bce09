"""Twilio's REST API: calls, messages and recordings of one account."""

import base64
import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web

from exchange.calls.calls import Call, CallStatus, EndedBy
from exchange.calls.reporting import API_VERSION, Account
from exchange.calls.switchboard import Switchboard
from exchange.calls.texts import Mailroom, Text
from exchange.log import Direction, Log, Subject
from exchange.parties.directory import Directory
from exchange.parties.recordings import Recording, Recordings
from exchange.rest import forms, ordering
from exchange.rest.filters import fits, instant_filters
from exchange.rest.forms import RefusedError
from exchange.rest.hazards import CutError
from exchange.rest.json_documents import form
from exchange.rest.resources import (
    account_resource,
    account_uri,
    call_resource,
    event_resource,
    number_resource,
    page,
    recording_resource,
    text_resource,
)
from exchange.tasks import Tasks
from exchange.webhooks.requests import Requests

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_CALL_FILTERS = ("To", "From", "Status", "ParentCallSid", *instant_filters("StartTime", "EndTime"))
_NUMBER_FILTERS = ("PhoneNumber",)
_TEXT_FILTERS = ("To", "From", *instant_filters("DateSent"))
_RECORDING_FILTERS = ("CallSid", *instant_filters("DateCreated"))
_CREATED = 201


class RestApi:
    """The handlers; everything refused is answered as Twilio answers it."""

    def __init__(
        self,
        account: Account,
        directory: Directory,
        switchboard: Switchboard,
        mailroom: Mailroom,
        recordings: Recordings,
        requests: Requests,
        log: Log,
        tasks: Tasks,
    ) -> None:
        self._account = account
        self._directory = directory
        self._switchboard = switchboard
        self._mailroom = mailroom
        self._recordings = recordings
        self._requests = requests
        self._log = log
        self._tasks = tasks
        credentials = f"{account.sid}:{account.auth_token}".encode()
        self._authorization = f"Basic {base64.b64encode(credentials).decode()}"

    def routes(self) -> list[web.RouteDef]:
        """Twilio's addresses."""
        root = account_uri(self._account.sid)
        return [
            web.get(f"{root}.json", self._fetch_account),
            web.get(f"{root}/IncomingPhoneNumbers.json", self._list_numbers),
            web.post(f"{root}/Calls.json", self._create_call),
            web.get(f"{root}/Calls.json", self._list_calls),
            web.get(f"{root}/Calls/{{sid}}.json", self._fetch_call),
            web.post(f"{root}/Calls/{{sid}}.json", self._update_call),
            web.get(f"{root}/Calls/{{sid}}/Events.json", self._list_events),
            web.post(f"{root}/Messages.json", self._create_text),
            web.get(f"{root}/Messages.json", self._list_texts),
            web.get(f"{root}/Messages/{{sid}}.json", self._fetch_text),
            web.get(f"{root}/Recordings.json", self._list_recordings),
            web.get(f"{root}/Calls/{{call}}/Recordings.json", self._list_recordings),
            web.get(f"{root}/Recordings/{{sid}}.json", self._fetch_recording),
            web.delete(f"{root}/Recordings/{{sid}}.json", self._delete_recording),
            web.get(f"{root}/Recordings/{{sid}}.wav", self._hear_recording),
            web.get(f"{root}/Recordings/{{sid:RE[0-9a-f]+}}", self._hear_recording),
            web.route("*", f"/{API_VERSION}/{{rest:.*}}", self._nothing_there),
        ]

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Lets only the account in, and turns refusals into Twilio's error documents."""
        if not request.path.startswith(f"/{API_VERSION}/"):
            return await handler(request)
        try:
            self._authenticate(request)
            return await handler(request)
        except RefusedError as refusal:
            return web.json_response(_error(refusal), status=refusal.status, headers=refusal.headers)
        except CutError:
            return web.Response()

    def _authenticate(self, request: web.Request) -> None:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), self._authorization.encode()):
            raise RefusedError(forms.UNAUTHORISED, "Authenticate", 401)

    async def _fetch_account(self, _: web.Request) -> web.Response:
        return web.json_response(account_resource(self._account))

    async def _list_numbers(self, request: web.Request) -> web.Response:
        filters, wanted = forms.listing(forms.Form(request.rel_url.raw_query_string), _NUMBER_FILTERS)
        found = [number for number in self._account.numbers if filters.get("PhoneNumber", number) == number]
        return web.json_response(
            page(
                request.path,
                filters,
                wanted.number,
                wanted.size,
                found,
                lambda number: number_resource(self._account, number),
            )
        )

    async def _create_call(self, request: web.Request) -> web.Response:
        form = await _form(request)
        orders = ordering.orders(form)
        to, from_ = self._parties(form, "call", forms.OF_A_CALL)
        call = self._switchboard.place(to, from_, orders)
        return web.json_response(call_resource(self._account.sid, call), status=_CREATED)

    async def _list_calls(self, request: web.Request) -> web.Response:
        filters, wanted = forms.listing(forms.Form(request.rel_url.raw_query_string), _CALL_FILTERS)
        found = [call for call in self._switchboard.register.newest_first() if fits(filters, _of_call(call))]
        return web.json_response(
            page(
                request.path,
                filters,
                wanted.number,
                wanted.size,
                found,
                lambda call: call_resource(self._account.sid, call),
            )
        )

    async def _fetch_call(self, request: web.Request) -> web.Response:
        return web.json_response(call_resource(self._account.sid, self._call(request)))

    async def _list_events(self, request: web.Request) -> web.Response:
        _, wanted = forms.listing(forms.Form(request.rel_url.raw_query_string), ())
        found = self._requests.of(self._call(request).sid)
        return web.json_response(page(request.path, {}, wanted.number, wanted.size, found, event_resource))

    async def _update_call(self, request: web.Request) -> web.Response:
        """``completed`` ends any call, ``canceled`` one that was not answered; Twilio leaves an answered one alone.

        Only a call in progress can go on with something else.
        """
        call = self._call(request)
        change = ordering.change(await _form(request), call.orders)
        if call.status.is_final:
            raise RefusedError(forms.NOT_IN_PROGRESS, f"Call {call.sid} has ended: {call.status}")
        if change.voice is not None and call.status is not CallStatus.IN_PROGRESS:
            raise RefusedError(forms.NOT_IN_PROGRESS, "Call is not in-progress. Cannot redirect.")
        call.orders = change.orders
        if change.voice is not None:
            self._switchboard.redirect(call, change.voice)
        elif change.ending is not None:
            self._end(call, change.ending)
        return web.json_response(call_resource(self._account.sid, call))

    def _end(self, call: Call, wanted: CallStatus) -> None:
        if call.status is not CallStatus.IN_PROGRESS:
            self._switchboard.end(call, CallStatus.CANCELED, EndedBy.SERVICE)
        elif wanted is CallStatus.COMPLETED:
            self._switchboard.end(call, CallStatus.COMPLETED, EndedBy.SERVICE)

    async def _create_text(self, request: web.Request) -> web.Response:
        form = await _form(request)
        body = forms.text_body(form)
        to, from_ = self._parties(form, "text", forms.OF_A_TEXT)
        text = self._mailroom.accept(to, from_, body, form.get("StatusCallback") or None)
        self._tasks.start(self._mailroom.deliver(text))
        return web.json_response(text_resource(self._account.sid, text), status=_CREATED)

    async def _list_texts(self, request: web.Request) -> web.Response:
        filters, wanted = forms.listing(forms.Form(request.rel_url.raw_query_string), _TEXT_FILTERS)
        found = [text for text in self._mailroom.newest_first() if fits(filters, _of_text(text))]
        return web.json_response(
            page(
                request.path,
                filters,
                wanted.number,
                wanted.size,
                found,
                lambda text: text_resource(self._account.sid, text),
            )
        )

    async def _fetch_text(self, request: web.Request) -> web.Response:
        text = self._mailroom.find(request.match_info["sid"])
        if text is None:
            raise _not_found(request)
        return web.json_response(text_resource(self._account.sid, text))

    async def _list_recordings(self, request: web.Request) -> web.Response:
        filters, wanted = forms.listing(forms.Form(request.rel_url.raw_query_string), _RECORDING_FILTERS)
        of_call = {"CallSid": request.match_info["call"]} if "call" in request.match_info else {}
        found = [each for each in self._recordings.newest_first() if fits(filters | of_call, _of_recording(each))]
        return web.json_response(
            page(
                request.path,
                filters,
                wanted.number,
                wanted.size,
                found,
                lambda recording: recording_resource(self._account.sid, recording),
            )
        )

    async def _fetch_recording(self, request: web.Request) -> web.Response:
        return web.json_response(recording_resource(self._account.sid, self._recording(request)))

    async def _delete_recording(self, request: web.Request) -> web.Response:
        self._recordings.delete(self._recording(request).sid)
        return web.Response(status=204)

    async def _hear_recording(self, request: web.Request) -> web.Response:
        return web.Response(body=self._recording(request).sound, content_type="audio/x-wav")

    async def _nothing_there(self, request: web.Request) -> web.Response:
        raise _not_found(request)

    def _parties(self, form: forms.Form, what: str, codes: forms.PartyCodes) -> tuple[str, str]:
        """To and From of a call or a text, once it is certain that they can be connected; a refusal is logged."""
        try:
            to, from_ = forms.parties(form, self._account.numbers, codes)
            forms.check_reachable(self._directory.find(to))
        except RefusedError as refusal:
            subject = Subject(None, form.get("To") or None, Direction.OUT)
            self._log.write(f"{what}.refused", subject, code=refusal.code, what=refusal.message)
            raise
        return to, from_

    def _call(self, request: web.Request) -> Call:
        call = self._switchboard.register.find(request.match_info["sid"])
        if call is None:
            raise _not_found(request)
        return call

    def _recording(self, request: web.Request) -> Recording:
        recording = self._recordings.find(request.match_info["sid"])
        if recording is None:
            raise _not_found(request)
        return recording


async def _form(request: web.Request) -> forms.Form:
    return await form(request)


def _of_call(call: Call) -> dict[str, str | datetime | None]:
    return {
        "To": call.to,
        "From": call.from_,
        "Status": call.status,
        "ParentCallSid": call.parent_sid or "",
        "StartTime": call.started_at,
        "EndTime": call.ended_at,
    }


def _of_text(text: Text) -> dict[str, str | datetime | None]:
    return {"To": text.to, "From": text.from_, "DateSent": text.sent_at}


def _of_recording(recording: Recording) -> dict[str, str | datetime | None]:
    return {"CallSid": recording.call, "DateCreated": recording.begun_at}


def _not_found(request: web.Request) -> RefusedError:
    return RefusedError(forms.NOT_FOUND, f"The requested resource {request.path} was not found", 404)


def _error(refusal: RefusedError) -> dict[str, object]:
    return {
        "code": refusal.code,
        "message": refusal.message,
        "more_info": f"https://www.twilio.com/docs/errors/{refusal.code}",
        "status": refusal.status,
    }
