"""The trunk: telephones over SIP, without any cloud. A child process that shares no code with the service."""
