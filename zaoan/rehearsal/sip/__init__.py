"""A rehearsal over real SIP: the service, its trunk, and telephones of other stacks on this machine."""
