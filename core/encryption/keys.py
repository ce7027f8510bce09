"""The keys of one database together: who works on it reads and writes with these."""

from dataclasses import dataclass

from core.encryption import key_ring, lookup_key
from core.encryption.key_ring import KeyRing
from core.encryption.lookup_key import LookupKey


@dataclass(frozen=True)
class Keys:
    """Its data keys and its look-up key."""

    ring: KeyRing
    lookup: LookupKey

    def use(self) -> None:
        """Makes them those of this process."""
        key_ring.use(self.ring)
        lookup_key.use(self.lookup)
