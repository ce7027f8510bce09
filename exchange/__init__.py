"""The bundled telephone exchange: a process of its own that speaks Twilio's REST API, TwiML and webhooks."""
