"""The entrance: web app, worker, command line, demo, rehearsal; the only place where everything is wired together."""

__version__ = "0.1.0"
