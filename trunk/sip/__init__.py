"""Signalling: the SIP engine, what its messages say, and what a call's end means."""
