"""The exchange's interface: its REST API, callbacks and TwiML."""
