"""Files are looked at without waiting: what could block is not opened, and a dead disk costs patience once."""

import os
import socket
import threading

import pytest

from thanosql_kernel.files import (
    Disk,
    NotRegular,
    append_regular,
    is_remote,
    open_regular,
    without_tilde,
)

needs_fifo = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")


def test_a_regular_file_is_read_through_links_too(tmp_path):
    (tmp_path / "데이터.csv").write_bytes(b"a,b\n")
    (tmp_path / "link").symlink_to("데이터.csv")
    for name in ("데이터.csv", "link"):
        with open_regular(tmp_path / name) as stream:
            assert stream.read() == b"a,b\n"


@needs_fifo
def test_a_fifo_a_socket_a_device_and_a_folder_are_not_opened(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to("fifo")
    monkeypatch.chdir(tmp_path)  # the path of a socket may not be long
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        for name in ("fifo", "link", "socket", ".", os.devnull):
            with pytest.raises(NotRegular):
                open_regular(name)


@needs_fifo
def test_what_becomes_a_fifo_between_a_look_and_opening_is_not_waited_for(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "file").touch()
    file_status = os.stat(tmp_path / "file")
    monkeypatch.setattr(os, "stat", lambda path: file_status)
    with pytest.raises(NotRegular):
        open_regular(tmp_path / "fifo")


@needs_fifo
def test_appending_neither_waits_nor_follows_a_link(tmp_path):
    append_regular(tmp_path / "file", b"one\n")
    append_regular(tmp_path / "file", b"two\n")
    assert (tmp_path / "file").read_bytes() == b"one\ntwo\n"
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to("file")
    for name in ("fifo", "link"):
        with pytest.raises(OSError):
            append_regular(tmp_path / name, b"three\n")
    assert (tmp_path / "file").read_bytes() == b"one\ntwo\n"


@pytest.mark.parametrize(
    ("path", "remote"),
    [
        (r"\\server\share\x.csv", True),
        ("//server/share/x.csv", True),
        (r"\/server/x", True),
        ("/data/x.csv", False),
        ("a//b", False),
        ("~", False),
        ("", False),
    ],
)
def test_names_of_other_machines_are_known(path, remote):
    assert is_remote(path) is remote


def test_only_the_own_folder_stands_for_a_tilde(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert without_tilde("~/사진") == tmp_path / "사진"
    assert without_tilde("~root/사진").parts[0] == "~root"


@pytest.fixture
def gone():
    """What a network disk that has gone waits for."""
    event = threading.Event()
    yield event
    event.set()


def test_an_answer_in_time_is_given_and_what_was_raised_is_raised():
    disk = Disk()
    assert disk.ask("here", lambda: 42, 0) == 42
    with pytest.raises(FileNotFoundError):
        disk.ask("here", lambda: os.stat("/nowhere at all"), None)


def test_a_dead_disk_is_waited_for_once_and_others_go_on(gone):
    disk = Disk(patience_s=0.01)
    assert disk.ask("dead", gone.wait, False) is False
    asked = []
    assert disk.ask("dead", lambda: asked.append(True) or True, False) is False
    assert asked == []
    assert Disk(patience_s=60).ask("alive", lambda: True, False) is True
    assert disk.ask("alive", lambda: None, None) is None


def test_a_disk_that_comes_back_is_asked_again(gone):
    disk = Disk(patience_s=0.01)
    assert disk.ask("slow", gone.wait, False) is False
    gone.set()
    while not disk.ask("slow", lambda: True, False):
        pass


def test_many_dead_disks_do_not_make_threads_without_end(gone):
    disk = Disk(patience_s=0.01, most_waiting=3)
    before = threading.active_count()
    assert [disk.ask(place, gone.wait, False) for place in range(10)] == [False] * 10
    assert threading.active_count() - before <= 3


def test_a_time_limit_of_the_disk_itself_is_no_answer_and_it_is_asked_again():
    disk = Disk(patience_s=60)

    def fails():
        raise TimeoutError

    assert disk.ask("nfs", fails, "nothing") == "nothing"
    assert disk.ask("nfs", lambda: "something", "nothing") == "something"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_child_asks_threads_of_its_own():
    disk = Disk(patience_s=60)
    assert disk.ask("here", lambda: 1, 0) == 1
    child = os.fork()
    if child == 0:
        os._exit(disk.ask("here", lambda: 7, 0))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
