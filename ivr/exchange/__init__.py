"""The bundled telephone exchange: a process of its own that speaks Twilio's REST API, TwiML, callbacks and signatures.

Its subscribers are scripted people. It keeps its own append-only log and shares no code and no data with the service.
"""
