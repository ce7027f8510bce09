"""The provider port carried out: Twilio's REST, webhooks and TwiML."""
