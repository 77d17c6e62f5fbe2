"""Cells of earlier sessions."""

from pathlib import Path

from thanosql_kernel.jupyter import history
from thanosql_kernel.jupyter.history import Entry, History


def test_cells_of_earlier_sessions_are_there_in_order(tmp_path: Path) -> None:
    first = History(tmp_path)
    first.add(1, "SELECT 1")
    first.add(2, "SELECT\n  '고양이'")
    History(tmp_path).add(1, "LIST TABLE")
    assert History(tmp_path).tail(2) == [Entry(1, 2, "SELECT\n  '고양이'"), Entry(2, 1, "LIST TABLE")]
    assert History(tmp_path).tail(0) == []


def test_tokens_of_magic_lines_are_not_kept(tmp_path: Path) -> None:
    kept = History(tmp_path)
    kept.add(1, "%thanosql API_TOKEN=secret")
    kept.add(2, "  %thanosql API_TOKEN=secret\nSELECT 2")
    assert "secret" not in kept.path.read_text(encoding="utf-8")
    assert [entry.code for entry in kept.tail(9)] == ["SELECT 2"]


def test_search_takes_patterns_and_leaves_out_repetitions(tmp_path: Path) -> None:
    kept = History(tmp_path)
    for number, code in enumerate(["SELECT 1", "LIST TABLE", "SELECT 2", "SELECT 1"], start=1):
        kept.add(number, code)
    assert [entry.number for entry in kept.search("SELECT*", None, unique=False)] == [1, 3, 4]
    assert [entry.number for entry in kept.search("SELECT*", None, unique=True)] == [3, 4]
    assert [entry.number for entry in kept.search("SELECT*", 1, unique=True)] == [4]


def test_a_range_of_this_session_and_of_the_one_before(tmp_path: Path) -> None:
    before = History(tmp_path)
    before.add(1, "SELECT 'before'")
    now = History(tmp_path)
    for number in (1, 2, 3):
        now.add(number, f"SELECT {number}")
    assert [entry.code for entry in now.between(0, 2, None)] == ["SELECT 2", "SELECT 3"]
    assert [entry.code for entry in now.between(0, 1, 2)] == ["SELECT 1"]
    assert [entry.code for entry in now.between(-1, 1, None)] == ["SELECT 'before'"]


def test_without_a_database_nothing_is_made(tmp_path: Path) -> None:
    kept = History(tmp_path / "nowhere")
    kept.add(1, "SELECT 1")
    assert kept.tail(5) == []
    assert list(tmp_path.iterdir()) == []


def test_half_a_line_of_a_killed_kernel_is_passed_over(tmp_path: Path) -> None:
    kept = History(tmp_path)
    kept.add(1, "SELECT 1")
    with kept.path.open("a") as file:
        file.write('{"session": 1, "num')
    assert [entry.code for entry in History(tmp_path).tail(5)] == ["SELECT 1"]


def test_a_long_file_is_cut_to_the_last_cells(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(history, "KEPT", 3)
    kept = History(tmp_path)
    for number in range(8):
        kept.add(number, f"SELECT {number}")
    later = History(tmp_path)
    later.add(0, "LIST MODEL")
    assert [entry.code for entry in later.tail(99)] == ["SELECT 5", "SELECT 6", "SELECT 7", "LIST MODEL"]
