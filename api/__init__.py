"""The JSON API: everything that staff can do, for programs with a token. No rule of the domain lives here."""
