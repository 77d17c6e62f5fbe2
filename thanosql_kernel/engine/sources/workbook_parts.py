"""What is in a workbook's file and is not told by its reader: errors, formulas without a value, a password."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from thanosql_kernel.wording import tables

_COMPOUND = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<Relationship\b[^>]*>")
_ERROR = re.compile(rb'<c\b[^>]*\bt="e"')
_NO_VALUE = re.compile(rb"(?:</f>|<f\b[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")


def is_encrypted(path: Path) -> bool:
    """Whether the file is a workbook that needs a password."""
    with open(path, "rb") as file:
        return file.read(4) == _COMPOUND and _ENCRYPTED in file.read()


def tell_of_lost(path: Path, sheet: str, notice: Callable[[str], None]) -> None:
    """Say how many cells of an .xlsx sheet hold an error, or a formula that nobody has computed: they are NULL."""
    content = _sheet_xml(path, sheet) if path.suffix.lower() in (".xlsx", ".xlsm") else b""
    errors, uncomputed = (len(pattern.findall(content)) for pattern in (_ERROR, _NO_VALUE))
    if errors:
        notice(tables.ERROR_CELLS(file=path.name, count=errors))
    if uncomputed:
        notice(tables.FORMULA_CELLS(file=path.name, count=uncomputed))


def _sheet_xml(path: Path, sheet: str) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive:
            book = archive.read("xl/workbook.xml").decode(errors="replace")
            names = {_part(tag, "name"): _part(tag, "r:id") for tag in _SHEET.findall(book)}
            relations = archive.read("xl/_rels/workbook.xml.rels").decode(errors="replace")
            targets = {_part(tag, "Id"): _part(tag, "Target") for tag in _RELATION.findall(relations)}
            target = targets[names[sheet]]
            return archive.read(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
    except (KeyError, zipfile.BadZipFile):
        return b""


def _part(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""
