"""What the processes of tests are forked from: everything is loaded, and nothing has begun."""

from importlib import import_module

for each in ("audio.checks", "audio.telephone", "tests.faults.doomed", "zaoan.cli"):
    import_module(each)
