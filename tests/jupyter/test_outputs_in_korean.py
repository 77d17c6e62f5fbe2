"""Tables, pictures and progress where the language is Korean."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from display_cases import Tags, item, pictures, table, words_of

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.model import GeneratedColumn, Weights
from thanosql_kernel.jupyter.display import mime_bundle
from thanosql_kernel.jupyter.meter import Meter
from thanosql_kernel.statements.results import TableResult
from thanosql_kernel.wording import set_language


@pytest.fixture(autouse=True)
def korean() -> Iterator[None]:
    set_language("ko")
    yield
    set_language("en")


def test_a_table_says_how_many_rows_there_are():
    bundle = mime_bundle(table({"n": list(range(20))}, total=24_968, notices=("끝",)))
    assert bundle["text/plain"].endswith("24,968행 중 20행\n참고: 끝")
    assert "24,968행 중 20행" in words_of(bundle)


def test_the_header_tells_what_made_the_column():
    made = GeneratedColumn("my_model", "clipen", "image", "image_path", Weights("clip", "1", "ab"), 2)
    column = pa.array([[1.0, 2.0]], pa.list_(pa.float32(), 2))
    result = TableResult(pa.table({"v": column}), 1, (Column("v", "FLOAT[2]", made),))
    title = Tags(mime_bundle(result)["text/html"]).heads()[0]["title"]
    assert title == "FLOAT[2], image_path 컬럼의 사진 벡터, 모델 my_model(가중치 clip)"


def test_pictures_are_counted_and_what_cannot_be_read_is_told_of(photos):
    bundle = mime_bundle(pictures(item("사진 0.jpg"), item(None), total=30), folder=photos)
    assert bundle["text/plain"].split("\n")[1:] == ["2. NULL (경로 없음)", "사진 30장 중 2장"]
    assert "읽을 수 없음" in words_of(bundle)


@pytest.mark.parametrize(
    ("unit", "done", "total", "words"),
    [
        ("images", 250, 1_000, "250/1,000장, 초당 125장, 0:06 남음, 3개 읽지 못함"),
        ("bytes", 20_500_000, 41_000_000, "41.0 MB 중 20.5 MB, 초당 10.2 MB, 0:02 남음, 3개 읽지 못함"),
    ],
)
def test_progress_is_told(unit, done, total, words):
    assert Meter("CONVERT", total, unit, done, errors=3).words(2.0) == words
