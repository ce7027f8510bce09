"""``python -m zaoan`` is the command ``zaoan``."""

from zaoan.cli import main

main()
