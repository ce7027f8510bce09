"""A plugin of pytest: in continuous integration (``CI=true``) a test that was skipped is a test that failed."""

import os

import pytest

SAID = "skipped in continuous integration"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return _judged((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    """Whole files can be skipped, too."""
    return _judged((yield))


def _judged(report):
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{SAID}: {report.longrepr}"
    return report
