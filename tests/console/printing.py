"""What PDFs are made with, installed when that can be done.

``python -m tests.console.printing`` makes sure that it is there.
"""

import sys

from console.sheets.pdf import FONTS, LIBRARIES, NoPdfError, pdf
from tests.project import packages

MISSING = f"The tests of PDFs need the system packages {' '.join(LIBRARIES)} and {FONTS}."


def missing():
    """What stands in the way of making one, or None."""
    return None if _is_made() or (packages.install(*LIBRARIES, FONTS) and _is_made()) else MISSING


def _is_made():
    try:
        return bool(pdf('<html lang="zh-CN"><body>早安</body></html>'))
    except NoPdfError:
        return False


if __name__ == "__main__":
    sys.exit(missing())
