"""Signatures that a receiver can check with any library for Standard Webhooks."""

from core.subscriptions import signing


def test_the_signature_is_the_one_of_the_published_example():
    """The example that stands in the README of the reference libraries."""
    signed = b'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}'
    said = signing.signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", signed)
    assert said == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
