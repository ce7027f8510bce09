"""The provider port carried out: Twilio's REST, TwiML and signature."""
