"""What is about Asterisk is not collected where Asterisk is not there; ``make test`` says so in one sentence."""

from benchmarks.asterisk import archive

collect_ignore = [] if archive.find() else ["test_asterisk.py", "test_beside_asterisk.py"]
