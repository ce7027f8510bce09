"""What a callback costs: whoever listens waits for every statement, and all who ring at once wait for each other's."""

from contextlib import contextmanager
from time import monotonic

from sqlalchemy import event

from ivr.provider.station import station

TRANSACTION = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")


@contextmanager
def statements(house):
    """The statements that are carried out meanwhile, in their order."""
    told = []

    def note(_, __, statement, *___):
        if not statement.startswith(TRANSACTION):
            told.append(statement)

    for engine in house.database.engines:
        event.listen(engine, "before_cursor_execute", note)
    yield told
    for engine in house.database.engines:
        event.remove(engine, "before_cursor_execute", note)


def test_no_report_of_a_quiet_call_takes_more_statements_than_it_needs(house):
    """The key also ends the round of the only resident, which takes two statements that others do not need; the end
    looks where it came, because of two keys in doubt the worse one counts. That the provider is heard at all is noted
    every ten seconds, beside all reports.
    """
    station().standing._heard_at = monotonic()
    reports = {
        "answered": (house.turn, (0,), {}, 7),
        "a person": (house.post, (f"/telephony/calls/{house.call_id}/machine",), {"AnsweredBy": "human"}, 1),
        "well": (house.turn, (1,), {"Digits": "1"}, 13),
        "over": (house.ended, (), {}, 7),
    }
    for name, (send, where, form, most) in reports.items():
        with statements(house) as told:
            send(*where, **form)
        assert 1 <= len(told) <= most, (name, told)
