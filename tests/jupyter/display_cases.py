"""What the tests of outputs share: results to show, and what is in the HTML of them."""

from __future__ import annotations

import base64
from contextlib import contextmanager
from html.parser import HTMLParser
from io import BytesIO

import pyarrow as pa
from PIL import Image

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.session import Session
from thanosql_kernel.jupyter.display import mime_bundle
from thanosql_kernel.models.spec import UNKNOWN_SCALE
from thanosql_kernel.statements.results import MediaItem, MediaResult, TableResult


@contextmanager
def running(folder):
    """Runs cells in a folder; gives the last result of each."""
    session = Session(folder / "db", working_folder=folder)

    def run_cell(text):
        results = []
        session.run(text, emit=results.append)
        return results[-1]

    try:
        yield run_cell
    finally:
        session.close()


def table(data, total=None, types=None, notices=()):
    rows = data if isinstance(data, pa.Table) else pa.table(data)
    columns = tuple(Column(name, (types or {}).get(name, "VARCHAR")) for name in rows.column_names)
    return TableResult(rows, rows.num_rows if total is None else total, columns, notices)


class Tags(HTMLParser):
    """Every tag with its attributes, and whether all were closed."""

    VOID = ("img", "br", "wbr")

    def __init__(self, html):
        super().__init__()
        self.open, self.seen, self.words = [], [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.seen if name == tag]

    def heads(self):
        return [cell for cell in self.all("td") if "sticky" in cell["style"]]

    def cells(self):
        return [cell for cell in self.all("td") if "sticky" not in cell["style"]]


def lines_of(result):
    return mime_bundle(result)["text/plain"].split("\n")


def item(path, **caption):
    return MediaItem(path, tuple((name, str(value)) for name, value in caption.items()))


def pictures(*items, similarities=(), **more):
    """Pictures; similarities of which only the names are told have no model's scale."""
    more["similarities"] = dict.fromkeys(similarities, UNKNOWN_SCALE) | dict(
        similarities if isinstance(similarities, dict) else {}
    )
    return MediaResult("image", items, more.pop("total", len(items)), **more)


def stored_sides(bundle):
    """The longest side of each picture in the output."""
    sources = [image["src"] for image in Tags(bundle["text/html"]).all("img")]
    contents = [base64.b64decode(source.removeprefix("data:image/webp;base64,")) for source in sources]
    return [max(Image.open(BytesIO(content)).size) for content in contents]


def words_of(bundle):
    return "".join(Tags(bundle["text/html"]).words)
