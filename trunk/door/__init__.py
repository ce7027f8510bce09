"""The door: what the service asks of the trunk over HTTP on this machine."""
