"""The commands of ``zaoan``, one file for each word."""
