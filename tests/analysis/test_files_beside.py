"""What an editor looks at beside the text: file names and the first row of a csv, never anything that could block."""

import os
import sys
import threading
from pathlib import Path
from unicodedata import normalize

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from editor_cells import at_caret, catalog

from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.completion import paths
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.features.hover import hover
from thanosql_kernel.analysis.meaning import headers
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.files import Disk

needs_fifo = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")


def texts(text, folder):
    return [item.text for item in complete(*at_caret(text, catalog(), folder=folder))]


def columns(folder, name):
    """The columns that are offered once a file is copied to a table."""
    found = complete(*at_caret(f"COPY 새표 FROM '{name}';\nSELECT ‸ FROM 새표", folder=folder))
    return [item.text for item in found if item.kind == "column"]


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b"name,label\r\n1,2\r\n", ["name", "label"]),
        (b"name;label\n1;2\n", ["name", "label"]),
        ("\ufeff이름,라벨\n1,2\n".encode(), ["이름", "라벨"]),
        (b'"a\nb",c\n1,2\n', ['"a\nb"', "c"]),
        ("a\u2028b,c\x0bd\x85e\n1,2\n".encode(), ['"a\u2028b"', '"c\x0bd\x85e"']),
        ("이름,라벨\n".encode("cp949"), ["이름", "라벨"]),
        (b"", []),
    ],
)
def test_the_header_of_a_csv_is_its_first_row_whatever_looks_like_a_line_break_in_it(
    tmp_path, content, names
):
    (tmp_path / "데이터.csv").write_bytes(content)
    assert columns(tmp_path, "데이터.csv") == names


def test_only_the_beginning_of_a_large_file_is_read_and_may_end_within_a_letter(tmp_path):
    (tmp_path / "a.csv").write_bytes("가,나\n".encode() + "다,라\n".encode() * 100_000)
    assert columns(tmp_path, "a.csv") == ["가", "나"]


@needs_fifo
@pytest.mark.parametrize("name", ["pipe.csv", "link.csv", "pipe.csv/x.csv", "zero\0byte.csv"])
def test_what_is_no_file_is_neither_opened_nor_offered(tmp_path, name):
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "link.csv").symlink_to("pipe.csv")
    (tmp_path / "사진.csv").touch()
    assert columns(tmp_path, name) == []
    assert texts(f"COPY t FROM '‸{name}'", tmp_path) == ["사진.csv"]
    document = Document(f"COPY t FROM '{name}';\nSELECT x FROM t", catalog(), folder=tmp_path)
    list(diagnose(document))
    hover(document, len(document.text) - 1)


@pytest.mark.parametrize("path", [r"\\server\share\x.csv", "//server/share/x.csv", "file://server/x.csv"])
def test_other_machines_are_never_asked(tmp_path, monkeypatch, path):
    def asked(*_):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(headers, "_columns", asked)
    monkeypatch.setattr(paths, "_scan", asked)
    assert columns(tmp_path, path) == []
    assert texts(f"COPY t FROM '{path}‸'", tmp_path) == []


def test_a_dead_disk_is_left_after_a_moment(tmp_path, monkeypatch):
    gone = threading.Event()
    dead = Disk(patience_s=0.01)
    monkeypatch.setattr(headers, "disk", dead)
    monkeypatch.setattr(paths, "disk", dead)
    (tmp_path / "a.csv").write_text("a,b\n")
    real = os.stat
    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", lambda *args, **more: gone.wait() and real(*args, **more))
        patch.setattr(os, "scandir", lambda path: gone.wait() and [])
        assert columns(tmp_path, "a.csv") == []
        assert texts("COPY t FROM '‸'", tmp_path) == []
        gone.set()
    while columns(tmp_path, "a.csv") != ["a", "b"]:
        pass


def test_what_was_found_before_a_link_to_a_dead_place_is_offered(tmp_path, monkeypatch):
    gone = threading.Event()
    (tmp_path / "a.csv").touch()
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    monkeypatch.setattr(paths, "disk", Disk(patience_s=0.2))
    kind = paths._kind
    monkeypatch.setattr(
        paths,
        "_kind",
        lambda entry, endings: gone.wait() and () if entry.is_symlink() else kind(entry, endings),
    )
    assert texts("COPY t FROM '‸'", tmp_path) == ["a.csv"]
    gone.set()


def test_a_file_is_found_among_many_that_do_not_fit(tmp_path):
    for number in range(500):
        (tmp_path / f"a{number}.csv").touch()
        (tmp_path / f"b{number}.txt").touch()
    (tmp_path / "찾는 것.csv").touch()
    assert texts("COPY t FROM '찾‸'", tmp_path) == ["찾는 것.csv"]
    assert texts("COPY t FROM 'A499‸'", tmp_path) == ["a499.csv"]


def test_names_that_are_no_utf8_are_passed_over(tmp_path):
    name = os.fsencode(tmp_path) + b"/" + "사진.csv".encode("cp949")
    try:
        Path(os.fsdecode(name)).touch()
    except OSError:
        pytest.skip("file names are UTF-8 alone here: set TMPDIR to a file system that takes any bytes")
    (tmp_path / "사진.csv").touch()
    assert texts("COPY t FROM '‸'", tmp_path) == ["사진.csv"]


@pytest.mark.skipif(sys.platform == "darwin", reason="the disks of a Mac do it themselves")
@pytest.mark.parametrize("typed", ["NFC", "NFD"])
def test_names_are_offered_once_as_they_are_typed_however_the_disk_spells_them(tmp_path, typed):
    folder, file = (normalize("NFD", name) for name in ("여름휴가", "바다.csv"))
    (tmp_path / folder).mkdir()
    (tmp_path / folder / file).write_text("name,label\n")
    (tmp_path / folder / normalize("NFC", file)).write_text("name,label\n")
    assert normalize(typed, "여름휴가/") in texts(normalize(typed, "COPY t FROM '여름‸'"), tmp_path)
    offered = texts(normalize(typed, "COPY t FROM '여름휴가/바‸'"), tmp_path)
    assert [text for text in offered if "csv" in text] == [normalize(typed, "여름휴가/바다.csv")]
    assert columns(tmp_path, normalize(typed, "여름휴가/바다.csv")) == ["name", "label"]


def test_a_folder_whose_name_is_no_utf8_is_looked_into(tmp_path):
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + "사진".encode("cp949")))
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("file names are UTF-8 alone here: set TMPDIR to a file system that takes any bytes")
    (folder / "데이터.csv").write_text("이름,라벨\n")
    assert texts("COPY t FROM '‸'", folder) == ["데이터.csv"]
    assert columns(folder, "데이터.csv") == ["이름", "라벨"]


def test_a_folder_that_is_gone_or_of_an_unknown_user_offers_nothing(tmp_path):
    for typed in ("gone/‸", "~nobody at all/‸", "a.csv/‸"):
        assert texts(f"COPY t FROM '{typed}'", tmp_path / "vanished") == []
