import json

import pytest

from exchange.errors import ScriptError
from exchange.subscribers import Deed, Pick, Since, read_subscribers

NUMBER = "+8631186012345"


def read_one(**fields):
    (subscriber,) = read_subscribers([{"number": NUMBER, **fields}])
    return subscriber


def test_a_subscriber_without_a_script_never_answers():
    assert read_one().reception(0).pick is Pick.NO_ANSWER


def test_a_script_survives_being_written_and_read_again():
    response = {"do": "press", "key": "3", "after": 2.5, "from": "start"}
    call = {"pick": "machine", "after": 1, "say_seconds": 9, "responses": [response], "then_call": {"after": 5}}
    subscriber = read_one(
        label="王", behaviour="b", group="居民", note="听力不好", refuse=21217, calls=[call, {"pick": "busy"}]
    )
    assert read_subscribers(json.loads(json.dumps([subscriber.script()]))) == [subscriber]
    (response_read,) = subscriber.reception(0).responses
    assert (subscriber.group, subscriber.note) == ("居民", "听力不好")
    assert (response_read.do, response_read.since, response_read.after) == (Deed.PRESS, Since.START, 2.5)
    assert [subscriber.reception(n).pick for n in range(4)] == [Pick.MACHINE, Pick.BUSY, Pick.BUSY, Pick.BUSY]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({}, "subscribers: expected a list"),
        (["x"], "subscribers[0]: expected an object"),
        ([{"number": "0311-86012345"}], "subscribers[0].number: '0311-86012345' is no E.164 number"),
        ([{"number": NUMBER, "name": "x"}], "subscribers[0]: unknown name"),
        ([{"number": NUMBER, "calls": []}], "subscribers[0].calls: needs at least one call"),
        ([{"number": NUMBER, "calls": [{}]}], "subscribers[0].calls[0].pick: None is none of answer"),
        ([{"number": NUMBER, "calls": [{"pick": "busy", "after": -1}]}], "calls[0].after: expected a number"),
        ([{"number": NUMBER, "calls": [{"pick": "busy", "after": True}]}], "calls[0].after: expected a number"),
        (
            [{"number": NUMBER, "calls": [{"pick": "answer", "responses": [{"do": "press"}]}]}],
            "calls[0].responses[0].key: ''",
        ),
        (
            [{"number": NUMBER, "calls": [{"pick": "answer", "then_call": {"responses": []}}]}],
            "calls[0].then_call.after: expected a number",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(content, said):
    with pytest.raises(ScriptError) as raised:
        read_subscribers(content)
    assert said in str(raised.value)
