"""Telephones of people who do not exist, over real SIP. A process that shares no code with the service or the trunk."""
