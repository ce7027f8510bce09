#!/usr/bin/env bash
# A line of a printed list ("Wang Guilan, …, room 301, telephone …, has not picked up, please look after her"), laid out by ReportLab
# 5.1.0 in columns from 100 to 300 points wide, with wordWrap="CJK" as its manual has it for Chinese, and without.
#
# Guess before running: a line may end between any two Chinese characters, but not within a row of digits, as in browsers and by
#   Unicode's rules (UAX 14): a number that does not fit goes into the next line.
# Seen: with "CJK" a line may end between any two digits as well, and there is no hyphen to show it. In one width of nine one of the
#   two numbers is cut; at 157 points the line reads 电话0311-8601010, which is a landline as they were before they had eight
#   digits, and the last 1 begins the next line. Without wordWrap a number is cut in more than half of the widths.
# What it means: a volunteer with the list in hand rings a stranger. A change of the column's width, or a name with one character more,
#   brings it about, so that no sample shows it. Give each number a cell or a line of its own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install reportlab==5.1.0
"$folder/venv/bin/python" - <<'PYTHON'
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph

TEXT = "王桂兰，长安区青园街3号楼2单元301室，电话0311-86010101，女儿手机13800138001，今天没有接电话，请去看看。"
NUMBERS = ["0311-86010101", "13800138001"]
pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))


def lines(width, wrap):
    """The lines into which the text is broken in a column of this width (points)."""
    style = ParagraphStyle("list", fontName="STSong-Light", fontSize=12, leading=15, wordWrap=wrap)
    paragraph = Paragraph(TEXT, style)
    paragraph.wrap(width, 1000)
    words = [line[1] if isinstance(line, tuple) else line.words for line in paragraph.blPara.lines]
    return ["".join(each) for each in words]


def cut(width, wrap):
    return [number for number in NUMBERS if not any(number in line for line in lines(width, wrap))]


for wrap in ("CJK", None):
    widths = {width: cut(width, wrap) for width in range(100, 301)}
    counts = {number: sum(number in numbers for numbers in widths.values()) for number in NUMBERS}
    print(f"wordWrap={wrap}: of {len(widths)} widths these are cut in", counts, "any in", sum(map(bool, widths.values())))
    assert min(counts.values()) > 0 and sum(map(bool, widths.values())) > (20 if wrap else 100)
print("at 157 points:", *lines(157, "CJK"), sep="\n  ")
assert any(line.endswith("电话0311-8601010") for line in lines(157, "CJK"))
assert any(line.startswith("1，") for line in lines(157, "CJK"))
PYTHON
