"""Whoever did something is named the same way everywhere."""

import json

import pytest

from core import actors
from core.actors import Actor, ActorKind
from core.ids import new_id


def test_the_service_and_a_member_of_staff_are_told_apart():
    assert actors.system().kind is ActorKind.SYSTEM
    assert actors.user(" 王芳 ") == Actor(ActorKind.USER, None, "王芳")


def test_an_event_can_keep_an_actor():
    responder = Actor(ActorKind.RESPONDER, new_id(), "张师傅")
    assert json.loads(json.dumps(responder.facts)) == {"kind": "responder", "id": str(responder.id)}
    assert actors.user("王芳").facts == {"kind": "user", "name": "王芳"}


def test_nobody_is_not_a_user():
    with pytest.raises(ValueError, match="name"):
        actors.user("  ")
