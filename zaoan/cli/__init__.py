"""The command line ``zaoan``."""
