"""Twilio's request signature (https://www.twilio.com/docs/usage/security#validating-requests)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urldefrag


def signature(auth_token: str, url: str, form: Mapping[str, str]) -> str:
    """What goes into ``X-Twilio-Signature``: HMAC-SHA1 over the address without its fragment and the sorted form."""
    signed = urldefrag(url).url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(auth_token.encode(), signed.encode(), hashlib.sha1).digest()).decode()
