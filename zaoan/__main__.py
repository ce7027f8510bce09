"""The command ``zaoan``, also ``python -m zaoan``."""

import gc


def main() -> None:
    """The entry point. What is being loaded is no garbage, and looking for some takes a fifth of the start."""
    gc.disable()
    from zaoan.cli import app

    app()


if __name__ == "__main__":
    main()
