"""``zaoan user`` and ``zaoan token``: who may sign in, and which programs may use the API."""
