"""Addresses of the entrance's own that more than one room knows."""

SPEED_PATH = "/telephony/exchange/speed"
"""Where the exchange says how fast its people live."""
