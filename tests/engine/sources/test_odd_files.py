"""What is no ordinary file: refused at once, in words that name it; and folders that hold such things."""

from __future__ import annotations

import gzip
import os
import socket
import sys

import pytest

from thanosql_kernel.errors import Interrupted

unix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes")
linux = pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes on Linux alone")


@unix
@pytest.mark.parametrize("name", ["관.csv", "관.json", "관.xlsx", "관.parquet", "관.csv.gz", "관"])
def test_a_pipe_is_refused_and_not_waited_for(copies, name):
    os.mkfifo(copies.folder / name)
    error = copies.error(name)
    assert (error.code, error.message) == ("TS501", f"{name} is a pipe")


@unix
def test_a_socket_and_a_device_are_refused(copies):
    with socket.socket(socket.AF_UNIX) as server:
        before = os.getcwd()
        os.chdir(copies.folder)
        try:
            server.bind("s.csv")
        finally:
            os.chdir(before)
        assert copies.error("s.csv").message == "s.csv is a socket"
    assert copies.error("/dev/zero").message == "/dev/zero is a device"


@unix
def test_pipes_in_a_folder_are_passed_over(copies):
    copies.write("pics/a.jpg", b"x")
    for name in ("관", "관.jpg"):
        os.mkfifo(copies.folder / "pics" / name)
    assert copies.paths("pics") == ["pics/a.jpg"]
    assert "left out: 2 that lead to no file" in copies.notices


@linux
def test_a_name_that_is_no_utf_8_is_left_out_and_named(copies):
    copies.write("pics/여름.jpg", b"x")
    folder = os.fsencode(copies.folder / "pics")
    with open(os.path.join(folder, "겨울.jpg".encode("cp949")), "wb") as file:
        file.write(b"x")
    os.mkdir(os.path.join(folder, "봄".encode("cp949")))
    assert copies.paths("pics") == ["pics/여름.jpg"]
    (notice,) = [notice for notice in copies.notices if "no UTF-8" in notice]
    assert "겨울.jpg" in notice
    assert "봄" in notice


@pytest.mark.parametrize(
    "source", ["a\x00b.csv", "가" * 300 + ".csv", "x/" * 3000 + "a.csv", "~없는사람/a.csv"]
)
def test_a_path_that_no_file_has_is_told_in_one_line(copies, source):
    error = copies.error(source)
    assert error.code == "TS500"
    assert len(error.message) < 200
    assert "\x00" not in error.message


@pytest.mark.parametrize("ending", ["csv", "tsv", "txt", "tab"])
@pytest.mark.parametrize("packed_name", [True, False])
def test_packed_tables_are_read_by_what_is_in_them(copies, ending, packed_name):
    separator = "," if ending in ("csv", "txt") else "\t"
    content = gzip.compress(f"이름{separator}수\n고양이{separator}1\n".encode("cp949"))
    assert copies.of(f"a.{ending}{'.gz' if packed_name else ''}", content) == [{"이름": "고양이", "수": 1}]


@pytest.mark.parametrize("name", ["깨짐.csv.gz", "깨짐.json.gz"])
@pytest.mark.parametrize(
    "content",
    [b"x,y\n1,2\n", gzip.compress(b"x,y\n" * 999, mtime=0)[:-9], b"\x1f\x8b\x08\x00damaged all through"],
)
def test_a_damaged_packed_file_is_refused_by_name(copies, name, content):
    copies.write(name, content)
    error = copies.error(name)
    assert error.code == "TS501"
    assert name in error.message


def test_a_file_that_unpacks_to_more_than_the_disk_spares_is_refused(copies, monkeypatch):
    from collections import namedtuple

    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda folder: usage(10, 0, 4 << 20))
    copies.write("zeros.csv.gz", gzip.compress(b"x\n" + b"0\n" * (4 << 20)))
    error = copies.error("zeros.csv.gz")
    assert error.code == "TS504"
    assert "zeros.csv.gz" in error.message


def test_unpacking_stops_when_the_user_asks(copies):
    copies.write("a.csv.gz", gzip.compress(b"x,y\n" + b"1,2\n" * (16 << 20)))
    asked: list[None] = []

    def cancelled() -> bool:
        asked.append(None)
        return len(asked) > 20

    with pytest.raises(Interrupted):
        copies.connection.session.run("COPY t FROM 'a.csv.gz'", emit=lambda result: None, cancelled=cancelled)
    assert len(asked) < 25


@pytest.mark.parametrize(
    "name", ["깨짐.parquet", "깨짐.xlsx", "깨짐.xls", "깨짐.ods", "깨짐.json", "깨짐.csv"]
)
@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 not really", bytes(range(256)) * 40, b"PAR1" + b"\xff" * 64 + b"PAR1"]
)
def test_binary_garbage_is_refused_by_name(copies, name, content):
    copies.write(name, content)
    error = copies.error(name)
    assert error.code == "TS501"
    assert name in error.message
    assert not copies.connection.session.catalog.tables


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/사진 모음.csv", "http://[bad/x.csv", "s3://"])
def test_an_address_out_of_reach_is_told_by_name(copies, address):
    error = copies.error(address)
    assert error.code in ("TS500", "TS502")
