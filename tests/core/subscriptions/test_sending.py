"""One request to a receiver that may be anything."""

import socket
import ssl
import threading

import pytest

from core.subscriptions import sending
from core.subscriptions.addresses import Reach, Target, target_of
from core.subscriptions.sending import NotTakenError, Why, post
from tests.receivers import receiver
from tests.trunk.foreign.certificates import made

AT_HOME = Reach((), own_machine=True)
INTERNET = Reach((), own_machine=False)


def refused(target, reach=AT_HOME):
    with pytest.raises(NotTakenError) as failure:
        post(target, b"{}", {}, reach)
    return failure.value.why, failure.value.status


def test_what_is_sent_arrives_as_it_is():
    with receiver() as there:
        assert post(target_of(there.url, AT_HOME), b'{"a":1}', {"webhook-id": "one"}, AT_HOME) == 204
    [(headers, body)] = there.got
    assert (headers["webhook-id"], headers["host"], body) == ("one", there.url.split("/")[2], '{"a":1}')


@pytest.mark.parametrize("status", [302, 307, 404, 410, 500])
def test_whatever_is_no_success_was_not_taken_and_nobody_is_led_on(status):
    with receiver(status) as there:
        assert refused(target_of(there.url, AT_HOME)) == (Why.REFUSED, status)
    assert len(there.got) == 1


def test_a_name_that_leads_into_a_private_network_is_not_connected_to(monkeypatch):
    with receiver() as there:
        port = int(there.url.split(":")[2].split("/")[0])
        inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        public = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", port))]
        for found in (inside, public + inside):
            monkeypatch.setattr(socket, "getaddrinfo", lambda *_, found=found, **__: found)
            assert refused(Target("city.example", port, "/", False), INTERNET) == (Why.NOT_ALLOWED, None)
    assert there.got == []


def test_the_address_that_was_judged_is_the_one_that_is_connected_to(monkeypatch):
    """A name server that says something else the second time is not asked a second time."""
    asked = []
    with receiver() as there:
        port = int(there.url.split(":")[2].split("/")[0])

        def found(*names, **_):
            asked.append(names)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        monkeypatch.setattr(socket, "getaddrinfo", found)
        assert post(Target("rebinding.example", port, "/", True), b"{}", {}, AT_HOME) == 204
    assert len(asked) == 1


def test_a_certificate_that_nobody_trusts_is_refused_and_a_trusted_one_taken(tmp_path, monkeypatch):
    certificate, key = made(tmp_path, "receiver", "IP:127.0.0.1")
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate, key)
    with receiver(context=serving) as there:
        assert refused(target_of(there.url, AT_HOME)) == (Why.CERTIFICATE, None)
        trusting = ssl.create_default_context(cafile=str(certificate))
        monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
        assert post(target_of(there.url, AT_HOME), b"{}", {}, AT_HOME) == 204


def test_nobody_listens_and_nobody_knows_the_name(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert refused(Target("127.0.0.1", port, "/", True)) == (Why.NO_CONNECTION, None)

    def unknown(*_, **__):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert refused(Target("city.example", 443, "/", False), INTERNET) == (Why.NOT_FOUND, None)


@pytest.fixture
def odd():
    """A server that answers with whatever bytes; the port, and what to say."""
    begun, said = threading.Event(), []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            taken, _ = server.accept()
            with taken:
                taken.recv(4096)
                for each in said:
                    taken.sendall(each)
                begun.wait(60)

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        yield server.getsockname()[1], said
        begun.set()


def test_whoever_does_not_speak_http_has_not_taken_it(odd):
    port, said = odd
    said.append(b"hello\r\n\r\n")
    assert refused(Target("127.0.0.1", port, "/", True)) == (Why.NO_HTTP, None)


def test_whoever_dribbles_is_cut_off(odd, monkeypatch):
    port, said = odd
    said.append(b"HTTP/1.1 200 OK\r\nX: ")
    monkeypatch.setattr(sending, "REQUEST_SECONDS", 0.2)
    monkeypatch.setattr(sending, "CONNECT_SECONDS", 300.0)
    assert refused(Target("127.0.0.1", port, "/", True)) == (Why.TIMEOUT, None)
