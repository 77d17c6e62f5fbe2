"""The table of benchmarks: each program's rows are in it, and what went wrong with one is a row."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture(autouse=True)
def benchmarks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(FOLDER))
    yield
    for name in ("report", "table", "calls", "scans", "photos"):
        sys.modules.pop(name, None)


def test_a_printed_row_is_read_as_it_was() -> None:
    from report import Row

    row = Row("SEARCH", "best ten | of 25,000", "1.50 ms (1.20 – 2.00)", "LanceDB 84.0 ms", "56.00", "warm")
    assert Row.read(row.markdown()) == Row(row.group, "best ten ∣ of 25,000", *row_tail(row))
    assert Row.read("| group | what | ours | other | ratio | note |") is None
    assert Row.read("|---|---|---|---|---|---|") is None
    assert Row.read("something else | with bars") is None


def row_tail(row: object) -> tuple[str, ...]:
    return tuple(getattr(row, name) for name in ("ours", "other", "ratio", "note"))


def test_a_ratio_above_one_is_in_our_favour() -> None:
    from report import Sample

    assert Sample((1.0,)).better_than(Sample((2.0,))) == 2
    assert Sample((30.0,), "pictures/s").better_than(Sample((10.0,), "pictures/s")) == 3
    assert str(Sample((0.0015, 0.0012, 0.002))) == "1.50 ms (1.20 – 2.00)"
    assert str(Sample((3.2e9,), "B")) == "3.20 GB"


def test_growth_is_the_exponent_of_the_size() -> None:
    from report import Sample, growth

    sizes = (1000, 2000, 4000)
    assert growth(sizes, [Sample((size**1.5,)) for size in sizes]) == pytest.approx(1.5)
    assert growth(sizes, [Sample((7.0,)) for _ in sizes]) == pytest.approx(0)


def test_both_sides_are_measured_in_turns() -> None:
    from report import in_turns

    calls: list[str] = []
    found = in_turns({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 4, warm=1)
    assert "".join(calls) == "ab" + "abba" * 2
    assert [len(sample.values) for sample in found.values()] == [4, 4]


def test_the_most_memory_of_a_call_apart_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "calls.py").write_text(
        "def little(): print('done')\n"
        "def much(size, times): b'x' * (size * times)\n"
        "def none(): raise SystemExit('no memory left')\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    import calls  # type: ignore[import-not-found]
    from report import apart

    little, much = apart(calls.little)[1], apart(calls.much, 100 << 20, 2)[1]
    assert much - little > 190 << 20
    with pytest.raises(RuntimeError, match="no memory left"):
        apart(calls.none)


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("raise ValueError('the disk is full')", "ended with 1: ValueError: the disk is full"),
        ("import threading; threading.Event().wait()", "did not end within 0.05 minutes"),
        ("", "printed no row"),
    ],
)
def test_what_goes_wrong_is_a_row(program: str, told: str, tmp_path: Path) -> None:
    from report import Row
    from table import Benchmark, run

    row = "| COPY | a csv | 1.0 s | 2.0 s | 2.00 | |"
    first = f"print('{row}', flush=True)\n" if program else ""
    (tmp_path / "broken.py").write_text(first + program)
    found = list(run(Benchmark("broken", minutes=0.05), quick=True, folder=tmp_path))
    expected = [Row("COPY", "a csv", "1.0 s", "2.0 s", "2.00", "")] if program else []
    assert found == [*expected, Row("broken", "failed", note=told)]


def test_programs_are_told_to_be_quick(tmp_path: Path) -> None:
    from table import Benchmark, run

    (tmp_path / "asked.py").write_text("import sys; print(f'| g | {sys.argv[1:]} | | | | |')")
    found = list(run(Benchmark("asked", ("--rows", "5")), quick=True, folder=tmp_path))
    assert [row.what for row in found] == ["['--markdown', '--quick', '--rows', '5']"]


def test_the_page_says_where_it_was_measured() -> None:
    from report import Row, machine
    from table import page

    text = page([Row("COPY", "a csv", "1.0 s", "2.0 s", "2.00", "")], "The machine was shared.")
    assert machine() in text
    assert "The machine was shared." in text
    assert text.count("| COPY | a csv | 1.0 s | 2.0 s | 2.00 |  |") == 1


def test_scans_are_those_of_duckdb_and_rows_of_the_table(tmp_path: Path) -> None:
    from table import Benchmark, run

    sizes = ("--rows", "300", "600", "--turns", "1", "--folder", str(tmp_path))
    arguments = (*sizes, "--only", "queries", "writing", "--query", "GROUP")
    found = list(run(Benchmark("scans", arguments), quick=True))
    assert [row.note for row in found if row.what == "failed"] == []
    whats = {row.what for row in found}
    assert whats >= {"GROUP BY label, 600 rows", "growth with the rows: GROUP BY label"}
    assert whats >= {"EXPORT to csv, 600 rows", "EXPORT to parquet, 600 rows"}
    assert all(float(row.ratio) > 0 for row in found if row.ratio)


def test_photos_are_drawn_unlike_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import photos
    from PIL import Image

    monkeypatch.setattr(photos, "PICTURES", 3)
    monkeypatch.setattr(photos, "SIZES", ((32, 60), (64, 40)))
    photos.write_photos(tmp_path, 8)
    files = sorted(tmp_path.rglob("*.jpg"))
    assert len({file.read_bytes() for file in files}) == len(files) == 8
    for file in files:
        with Image.open(file) as opened:
            opened.load()
