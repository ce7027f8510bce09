"""What a line of the log may hold: nobody's number, and nothing that is taken for another line."""

import logging

import pytest

from core.running import log_lines


def ours():
    """A logger that writes as ours do, to standard error as it is now."""
    logger = logging.Logger("here")
    logger.addHandler(log_lines.handler())
    return logger


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("to +8631186000101", "to +…01"),
        ("Calls.json?To=%2B8631186000101&From=%2b15550001111", "Calls.json?To=%2B…01&From=%2b…11"),
        ("two\nWARNING forged: lines", r"two\nWARNING forged: lines"),
        ("\x1b[31mred\x07\u202e", r"\x1b[31mred\x07\u202e"),
        ("case 0198c0ff-ee00-7000-8000-000000000001 +5 of 12345678", None),
        ("王奶奶", None),
    ],
)
def test_a_message_is_one_line_without_a_number(capsys, said, line):
    ours().warning("%s", said)
    assert capsys.readouterr().err == f"WARNING here: {line or said}\n"


def test_a_traceback_is_indented_so_that_no_line_of_it_is_taken_for_one_of_the_log(capsys):
    try:
        raise RuntimeError("of +8631186000101\nERROR zaoan: forged\r\x1b[2J")
    except RuntimeError:
        ours().exception("it failed")
    first, *rest = capsys.readouterr().err.splitlines()
    assert first == "ERROR here: it failed"
    assert all(each.startswith("    ") for each in rest)
    assert rest[-2:] == ["    RuntimeError: of +…01", r"    ERROR zaoan: forged\r\x1b[2J"]
