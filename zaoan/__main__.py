"""The command ``zaoan``, also ``python -m zaoan``."""

import gc
import os

from core.running import private_files
from zaoan.terminal.leaving import leaving_at_once


def main() -> None:
    """The entry point. What is being loaded is no garbage, and looking for some takes a fifth of the start.

    Nor does pydantic need to read what every installed package calls itself, in search of plug-ins that nobody has.
    """
    gc.disable()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    private_files.begin()
    with leaving_at_once():
        from zaoan.cli.cli import app

        app()


if __name__ == "__main__":
    main()
