"""The demo: a morning of 24 residents, and telephones in the browser."""
