"""Chromium for the browser tests: the system's own, installed when that can be done, otherwise Playwright's.

``python -m tests.browser.chromium`` makes sure that there is one, with a font that has Chinese characters.
"""

import shutil
import subprocess
import sys
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

from tests.patience import PATIENCE_SECONDS
from tests.project import packages

NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium", "fonts-noto-cjk")
ARGUMENTS = [
    "--no-sandbox",
    "--process-per-site",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]


def executable():
    """The system's Chromium; None when Playwright's own is used."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def browser():
    """A headless Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=executable(), args=ARGUMENTS, timeout=PATIENCE_SECONDS * 1000
        )
        try:
            yield running
        finally:
            running.close()


def install():
    """Installs what is missing; returns what stands in the way, or None."""
    if executable() and _has_chinese_font():
        return None
    if packages.install(*PACKAGES) and executable():
        return None
    if executable() is None and not packages.runs([sys.executable, "-m", "playwright", "install", "chromium"]):
        return f"The browser tests need the system packages {' and '.join(PACKAGES)}."
    return None


def _has_chinese_font():
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


if __name__ == "__main__":
    sys.exit(install())
