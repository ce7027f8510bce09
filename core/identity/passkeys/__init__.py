"""Passkeys (WebAuthn): a device of the user's signs them in, once it has made sure that it is them."""
