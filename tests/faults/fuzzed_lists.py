"""Lists that a fault has been through: spreadsheets of every kind with broken bytes, broken XML and absurd cells.

The same seed makes the same file. None is large: what must be bounded says a large number, it does not hold so much.
"""

import base64
import csv
import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence

from openpyxl import Workbook

from tests.zaoan.lists.files.test_what_xls_holds import BOOK

HEADERS = [
    "姓名", "电话", "备用电话", "楼栋", "单元", "房号", "出生年", "标记", "通话时间", "家属姓名", "家属电话", "关系",
    "同意", "备注",
]  # fmt: skip
ABSURD = (
    "", " ", "\x00", "\ufeff", "\u202e王", "0", "-1", "1e308", "nan", "9" * 400, "=1/0", "='x'!A1", "#N/A", "#REF!",
    "无", "——", "2026-02-30", "25:61", "1900-01-00", "0311-", "+", "110", "+861380013800013800138000",
    "13800138000，", "'13800138000", "（女儿）13800138000", "好" * 3000, "a\nb\nc", '"', '""', "，，，", ";", "\t",
    "😀", "%s%n{value}", "{0.__class__}", "<a>&amp;", "9999号楼", "第²单元", "٣", "王桂兰、李长海", "已故", "否", "是",
    "退订", "1单元/2单元", "_x000D_", "_x0000_",
)  # fmt: skip
NUMBERS = ("-1", "0", "2000000000", "4294967296", "1" * 5000, "1.5", "NaN", "", "x", "99999999999999999999")
PIECES = (
    b"",
    b"<",
    b">",
    b"</",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"&a;",
    b"\x00",
    b"\xff\xfe",
    b"]]>",
    b"<x/>",
    b'"',
)
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)


def fuzzed(seed: int) -> tuple[str, bytes]:
    """A file's suffix and content."""
    dice = random.Random(seed)
    suffix = dice.choice(["csv", "xlsx", "xlsx", "ods", "xls"])
    rows = _people(dice)
    content = MAKING[suffix](rows)
    for _ in range(dice.randint(0, 2)):
        changes = [_bytes] if suffix in {"csv", "xls"} else [_bytes, _parts, _parts, _parts]
        content = dice.choice(changes)(dice, content)
    return suffix, content


def _people(dice: random.Random) -> list[list[str]]:
    """People in whose rows here and there something absurd is written, or missing."""
    rows = [list(HEADERS)]
    for at in range(dice.randint(0, 12)):
        rows.append([
            "王李张刘"[at % 4] + "桂兰", f"0311-860{at:05d}", f"138{at:08d}", f"{at // 4 + 1}号楼", "1单元",
            f"{at + 101}", "1940", "独居", "08:30", "小芳", f"139{at:08d}", "女儿", "2026-11-01 书面同意", "",
        ])  # fmt: skip
    for _ in range(dice.randint(0, 8)):
        row = dice.choice(rows)
        row[dice.randrange(len(HEADERS))] = dice.choice(ABSURD)
    if dice.random() < 0.3:
        rows.append(list(dice.choice(rows)))
    if dice.random() < 0.2:
        row = dice.choice(rows)
        row[:] = row[: dice.randrange(len(row))] if dice.random() < 0.5 else row * 3
    return rows


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append([re.sub("[\x00-\x08]", "", text) for text in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _ods(rows: Sequence[Sequence[str]]) -> bytes:
    def escaped(text: str) -> str:
        return re.sub("[\x00-\x08]", "", text).replace("&", "&amp;").replace("<", "&lt;")

    def cell(text: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{escaped(text)}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    content = (f'<?xml version="1.0"?><office:document-content {SPACES}><office:body><office:spreadsheet>'
               f'<table:table table:name="名单">{body}</table:table></office:spreadsheet></office:body>'
               "</office:document-content>")  # fmt: skip
    return _packed({
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": b'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        "content.xml": content.encode(),
    })  # fmt: skip


def _xls(rows: Sequence[Sequence[str]]) -> bytes:
    """Always the same people: nothing of ours writes the old format."""
    del rows
    return zlib.decompress(base64.b85decode(BOOK))


MAKING: Mapping[str, Callable[[Sequence[Sequence[str]]], bytes]] = {
    "csv": _csv, "xlsx": _xlsx, "ods": _ods, "xls": _xls
}  # fmt: skip


def _packed(parts: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def _bytes(dice: random.Random, content: bytes) -> bytes:
    """Some bytes are others, missing, or there twice."""
    found = bytearray(content)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(found) + 1)
        match dice.randrange(4):
            case 0:
                found[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                del found[at : at + dice.randint(1, 40)]
            case 2:
                found[at:at] = found[at : at + dice.randint(1, 200)]
            case _:
                found[at:at] = dice.choice(PIECES)
    return bytes(found[: dice.randrange(len(found) + 1)] if dice.random() < 0.1 else found)


def _parts(dice: random.Random, content: bytes) -> bytes:
    """The XML of one part says something else, or the part is missing; the archive itself is whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {each: archive.read(each) for each in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        return _bytes(dice, content)
    name = dice.choice(sorted(parts))
    match dice.randrange(6):
        case 0:
            del parts[name]
        case 1:
            parts[name] = _bytes(dice, parts[name])
        case 2:
            parts[name] = _one(dice, rb'"\d+"', parts[name], lambda _: f'"{dice.choice(NUMBERS)}"'.encode())
        case 3:
            parts[name] = _one(dice, rb'r="[A-Z]+\d+"', parts[name], lambda _: f'r="ZZ{dice.choice(NUMBERS)}"'.encode())
        case 4:
            parts[name] = _one(dice, rb"<[^<>]+>", parts[name], lambda tag: tag * dice.choice([0, 2]))
        case _:
            parts[name] = _one(dice, rb"<table:table-(?:row|cell)", parts[name], lambda tag: tag + (
                f' table:number-{dice.choice(["rows", "columns"])}-{dice.choice(["repeated", "spanned"])}'
                f'="{dice.choice(NUMBERS)}"').encode())  # fmt: skip
    return _packed(parts)


def _one(dice: random.Random, pattern: bytes, content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """One of the places where the pattern is found, changed."""
    found = list(re.finditer(pattern, content))
    if not found:
        return content
    chosen = dice.choice(found)
    return content[: chosen.start()] + change(chosen[0]) + content[chosen.end() :]
