"""What would steer a terminal is shown as what it is, in every text that leaves the program."""

from __future__ import annotations

import io
import os
import re
import unicodedata
from html.parser import HTMLParser

import pyarrow as pa
import pytest

from thanosql_kernel.analysis.features.hover import hover
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.catalog import Catalog, Column, Table
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import DataError, Span, ThanoSQLError
from thanosql_kernel.jupyter import doctor, welcome
from thanosql_kernel.jupyter.display import mime_bundle
from thanosql_kernel.jupyter.failures import error_content
from thanosql_kernel.jupyter.progress import TextProgress
from thanosql_kernel.python.connection import Connection
from thanosql_kernel.statements.results import MediaItem, MediaResult, Message, TableResult
from thanosql_kernel.visible import visible

#: Clears the screen; the same with the C1 byte; rings; deletes; turns the direction; a line break; half a letter.
EVIL = "\x1b[2J\x9b2J\x07\x7f\u202e\u2066\u2028\udcbb끝"
_OWN_COLOURS = re.compile(r"\x1b\[\d+m")


def harmless(text):
    """Whether nothing in it steers: no control character but line breaks and tabs, no direction, no half letter."""
    kinds = {unicodedata.category(char) for char in text if char not in "\n\t"}
    return not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"} and text.encode("utf-8")


@pytest.mark.parametrize(
    "code", [*range(0xA0), *range(0x2028, 0x202F), *range(0x2066, 0x206A), 0xD800, 0xDFFF]
)
def test_each_character_that_steers_is_shown_and_no_other_is_touched(code):
    for lines in (False, True):
        shown = visible(f"가{chr(code)}나", lines=lines)
        assert harmless(shown)
        assert ("\n" in shown or "\t" in shown) <= lines
        if chr(code).isprintable():
            assert shown == f"가{chr(code)}나"


def test_letters_of_all_kinds_stay_as_they_are():
    for text in ("여름휴가", "שלום", "مرحبا", "👨‍👩‍👧 🐱", "a\u00a0b", "ก็"):
        assert visible(text) == text


def test_what_is_shown_says_what_it_was():
    assert visible("\x1b[31m\x9b\u202e\udcbb\r\n\t.") == "␛[31m\\x9b\\u202e\\udcbb↵ ."
    assert visible("a\r\nb\tc\x0bd", lines=True) == "a\nb\tc␋d"


def plain(result):
    return mime_bundle(result)["text/plain"]


def table(**columns):
    rows = pa.table(columns)
    return TableResult(rows, rows.num_rows, tuple(Column(name, "VARCHAR") for name in rows.column_names))


WRITABLE = EVIL.replace("\udcbb", "")


@pytest.mark.parametrize(
    "result",
    [
        table(값=[WRITABLE]),
        table(**{f"열{WRITABLE}": ["a"]}),
        table(값=[{WRITABLE: [WRITABLE]}]),
        table(값=[[WRITABLE]]),
        Message(f"둘{EVIL}", markdown=""),
        Message(f"둘{EVIL}", markdown=f"# 둘{EVIL}"),
        Message("", notices=(f"a.jpg{EVIL}",)),
        MediaResult("image", (MediaItem(f"{EVIL}.jpg", ((f"열{EVIL}", EVIL),)),), 1),
        MediaResult("audio", (MediaItem(f"{EVIL}.wav", ()),), 1),
    ],
)
def test_results_are_harmless_as_text_html_and_markdown(result):
    data = mime_bundle(result)
    assert all(harmless(text) for text in data.values())
    assert "␛[2J\\x9b2J␇␡\\u202e\\u2066↵" in data["text/plain"]


def test_errors_are_harmless_and_the_caret_stays_under_its_place():
    cell = f"SELECT '{EVIL}',\n'\x9b' || 없는_열"
    error = DataError(f"no {EVIL}", span=Span(cell.index("없는"), len(cell)), hint=f"not {EVIL}")
    content = error_content(error, cell)
    lines = [_OWN_COLOURS.sub("", line) for line in content["traceback"]]
    for text in (content["evalue"], str(error), error.message, error.hint, error.render(cell), *lines):
        assert harmless(text)
    assert lines[1] == "   2 | '\\x9b' || 없는_열"
    assert lines[2] == " " * len("   2 | '\\x9b' || ") + "^" * 7


def test_progress_of_a_file_is_harmless():
    out = io.StringIO()
    line = TextProgress(out).start(f"사진{EVIL}.zip", 3, "rows")
    line.appear()
    line.close()
    assert "사진␛[2J" in out.getvalue()
    assert harmless(out.getvalue().replace("\r", ""))


def test_the_banner_and_the_doctor_are_harmless_in_a_folder_of_any_name(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "\x1b[2J사진"
    (folder / "안").mkdir(parents=True)
    (folder / ".thanosql").mkdir()
    monkeypatch.delenv("THANOSQL_DATABASE", raising=False)
    monkeypatch.chdir(folder / "안")
    banner = welcome.banner(folder / "안")
    assert "␛[2J사진" in banner
    assert harmless(banner)
    doctor.report()
    assert "\x1b" not in capsys.readouterr().out


def test_help_on_a_name_is_harmless():
    columns = (Column("열\x1b[2J", "VARCHAR"),)
    document = Document("SELECT * FROM t", Catalog(tables={"t": Table("t", columns, 1, "t", 1)}))
    found = hover(document, len(document.text))
    assert "␛[2J" in found.plain
    assert harmless(found.plain)
    assert harmless(found.markdown)


def test_what_python_shows_is_harmless(tmp_path):
    with Connection(tmp_path / "db") as connection:
        shown = repr(connection.sql("SELECT '끝' || chr(27) || '[2J' || chr(155) AS a"))
        assert "끝␛[2J\\x9b" in shown
        assert harmless(shown)
        with pytest.raises(ThanoSQLError) as caught:
            connection.sql("SELECT error('끝' || chr(27) || '[2J')")
    told = "\n".join([str(caught.value), *caught.value.__notes__])
    assert "끝␛[2J" in told
    assert harmless(told)


def test_files_of_any_name_are_told_of_harmlessly(tmp_path):
    folder = tmp_path / "사진"
    folder.mkdir()
    (folder / "\x1b[2J.jpg").write_bytes(b"no picture")
    session = Session(tmp_path / "db", working_folder=tmp_path)
    told = []
    try:
        for cell in (
            "COPY 사진 FROM '사진'",
            "CONVERT USING mini AS SELECT * FROM 사진",
            "PRINT IMAGE AS SELECT * FROM 사진",
            "SELECT * FROM 사진",
            "COPY x FROM '\x1b[2J.csv'",
        ):
            try:
                session.run(cell, emit=lambda result: told.extend(mime_bundle(result).values()))
            except ThanoSQLError as error:
                told.append(error.render(cell))
    finally:
        session.close()
    assert sum("␛[2J.jpg" in text for text in told) >= 3
    assert "␛[2J.csv" in told[-1]
    assert all(harmless(text) for text in told)


@pytest.mark.skipif(os.name != "posix", reason="names of bytes")
def test_a_bug_is_logged_whatever_its_message(tmp_path):
    from thanosql_kernel.engine.bug_log import logged

    error = logged(ValueError(EVIL), tmp_path)
    assert harmless(error.render())
    assert b"\\udcbb" in (tmp_path / "errors.log").read_bytes()


MARKUP = """</td><img src=x onerror=alert(1)><script>alert(1)</script>" onload="alert(1)" '><marquee>[x](javascript:alert(1))"""


class _Tags(HTMLParser):
    """What a browser would make of a text."""

    def __init__(self, text):
        super().__init__()
        self.evil = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.evil += [tag] if tag in ("script", "marquee") else []
        self.evil += [name for name, _ in attributes if name.startswith("on")]
        values = [value or "" for name, value in attributes if name in ("src", "href")]
        self.evil += [value for value in values if value == "x" or value.startswith("javascript:")]


@pytest.mark.parametrize(
    "result",
    [
        table(값=[MARKUP]),
        table(**{f"열{MARKUP}": ["a"]}),
        table(값=[{MARKUP: [MARKUP]}]),
        Message(f"둘{MARKUP}", markdown=""),
        Message("", notices=(f"a.jpg{MARKUP}",)),
        MediaResult("image", (MediaItem(f"{MARKUP}.jpg", ((f"열{MARKUP}", MARKUP),)),), 1),
        MediaResult("audio", (MediaItem(f"{MARKUP}.wav", ((f"열{MARKUP}", MARKUP),)),), 1),
        MediaResult("video", (MediaItem(f"{MARKUP}.mp4", ((f"열{MARKUP}", MARKUP),)),), 1),
    ],
)
def test_markup_in_data_is_shown_and_does_nothing(result):
    html = mime_bundle(result).get("text/html", "")
    assert _Tags(html).evil == []
    assert not html or "&lt;script&gt;" in html or "…" in html


def test_markup_in_an_exported_page_is_shown_and_does_nothing(tmp_path):
    with Connection(tmp_path / "db", working_folder=tmp_path) as connection:
        text = MARKUP.replace("'", "''")
        connection.sql(f"EXPORT SELECT '{text}' AS \"<script>x\", 1 AS b TO 'a.html'")
    html = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert _Tags(html).evil == []
    assert "&lt;script&gt;" in html
