"""Pictures of the web: fetched once, asked about when they are old, and never more than was wanted."""

from __future__ import annotations

import gzip
import threading
from pathlib import Path

import pytest
from picture_server import PictureServer, picture

from thanosql_kernel.errors import Interrupted
from thanosql_kernel.web import pictures as module
from thanosql_kernel.web.addresses import Unreachable
from thanosql_kernel.web.kept import Kept, digest_of
from thanosql_kernel.web.pictures import WebPictures

DAY_S = 24 * 3600.0


def test_a_picture_is_fetched_once(server: PictureServer, pictures: WebPictures) -> None:
    url = server.serve("/a.png", picture(1))
    assert pictures.known(url) is None
    assert [pictures.read(url), pictures.read(url)] == [picture(1)] * 2
    assert pictures.known(url) == pictures.find(url) == digest_of(picture(1))
    assert server.paths() == ["/a.png"]


def test_an_old_one_is_asked_about_and_not_sent_again(
    server: PictureServer, pictures: WebPictures, now: list[float]
) -> None:
    url = server.serve("/a.png", picture(1), ETag='"1"')
    pictures.read(url)
    now[0] += DAY_S
    assert pictures.known(url) is None
    assert pictures.last(url) == digest_of(picture(1))
    assert pictures.read(url) == picture(1)
    assert [headers.get("If-None-Match") for _, headers in server.asked] == [None, '"1"']
    assert pictures.known(url) is not None


def test_a_changed_one_is_fetched_anew(
    server: PictureServer, pictures: WebPictures, now: list[float]
) -> None:
    pictures.read(url := server.serve("/a.png", picture(1), ETag='"1"'))
    server.serve("/a.png", picture(2), ETag='"2"')
    assert pictures.read(url) == picture(1)
    now[0] += DAY_S
    assert pictures.find(url) == digest_of(picture(2))
    assert pictures.read(url) == picture(2)


def test_a_content_that_was_removed_is_fetched_again_whatever_the_index_says(
    server: PictureServer, pictures: WebPictures, tmp_path: Path
) -> None:
    pictures.read(url := server.serve("/a.png", picture(1), ETag='"1"'))
    for file in (tmp_path / "kept").glob("*/*"):
        file.write_bytes(b"spoilt")
    assert pictures.read(url) == picture(1)
    assert server.asked[-1][1].get("If-None-Match") is None


@pytest.mark.parametrize(
    ("body", "kind", "status", "said"),
    [
        (b"<html>sign in</html>", "text/html; charset=utf-8", 200, "the server sent no picture (text/html)"),
        (b"<html>sign in</html>", "image/png", 200, "the server sent no picture (image/png)"),
        (b"", "image/png", 200, "the server sent nothing"),
        (b"gone", "text/plain", 404, "the server answered 404"),
        (b"error", "text/plain", 500, "the server answered 500"),
        (picture(1), "image/png", 206, "the server answered 206"),
    ],
)
def test_what_is_no_picture_is_refused_and_not_kept(
    server: PictureServer, pictures: WebPictures, body: bytes, kind: str, status: int, said: str
) -> None:
    url = server.serve("/a.png", body, kind, status)
    with pytest.raises(Unreachable) as caught:
        pictures.read(url)
    assert caught.value.reason == said
    assert pictures.last(url) is None


def test_content_decides_and_not_what_a_server_calls_it(server: PictureServer, pictures: WebPictures) -> None:
    assert pictures.read(server.serve("/a", picture(1), "text/html")) == picture(1)


def test_a_body_without_end_ends_at_the_largest_picture(server: PictureServer, pictures: WebPictures) -> None:
    pictures.most_bytes = 1 << 20
    with pytest.raises(Unreachable, match="more than 1 MB"):
        pictures.read(server.drip("/a.png", bytes(1 << 16), wait_s=0))


def test_a_bomb_ends_at_the_largest_picture(server: PictureServer, pictures: WebPictures) -> None:
    pictures.most_bytes = 1 << 20
    bomb = gzip.compress(picture(1) + bytes(8 << 20))
    assert len(bomb) < 1 << 20
    with pytest.raises(Unreachable, match="more than 1 MB"):
        pictures.read(server.serve("/a.png", bomb, Content_Encoding="gzip"))
    assert pictures.read(
        server.serve("/b.png", gzip.compress(picture(2)), Content_Encoding="gzip")
    ) == picture(2)


def test_a_body_that_drips_ends_in_time(server: PictureServer, pictures: WebPictures) -> None:
    pictures.most_s = 0.1
    with pytest.raises(Unreachable, match=r"within 0\.1 s"):
        pictures.read(server.drip("/a.png", b"x", wait_s=0.01))


def test_a_body_that_ends_early_is_told(server: PictureServer, pictures: WebPictures) -> None:
    def cut(handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(picture(1)[:500])

    server.answers["/a.png"] = cut
    with pytest.raises(Unreachable, match="the connection ended after 500 of 1000 bytes"):
        pictures.read(server.url("/a.png"))


def test_stop_is_heard_while_a_body_drips(server: PictureServer, pictures: WebPictures) -> None:
    calls = iter(range(3))

    def check() -> None:
        if next(calls, None) is None:
            raise Interrupted

    with pytest.raises(Interrupted):
        pictures.read(server.drip("/a.png", b"x", wait_s=0.001), check)


def test_a_busy_server_is_given_the_pause_that_it_asks_for(
    server: PictureServer, pictures: WebPictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(module.time, "sleep", waited.append)
    clock = iter(range(10**6))
    monkeypatch.setattr(module.time, "monotonic", lambda: next(clock) / 100)
    asked: list[int] = []

    def busy(handler) -> None:
        asked.append(len(server.asked))
        if len(asked) == 1:
            handler.send_response(429)
            handler.send_header("Retry-After", "2")
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        else:
            server.serve("/b.png", picture(1))
            server.answers["/b.png"](handler)

    server.answers["/a.png"] = busy
    assert pictures.read(server.url("/a.png")) == picture(1)
    assert len(asked) == 2
    assert len(waited) > 50


def test_a_server_that_stays_busy_is_left_alone(server: PictureServer, pictures: WebPictures) -> None:
    url = server.serve("/a.png", b"", status=503, Retry_After="0")
    with pytest.raises(Unreachable, match="too busy \\(503\\)"):
        pictures.read(url)
    assert len(server.asked) == 3


def test_few_pictures_of_a_server_are_fetched_at_once(server: PictureServer, pictures: WebPictures) -> None:
    at_once, most, gate = [0], [0], threading.Barrier(4, timeout=30)
    lock = threading.Lock()

    def slow(handler) -> None:
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        gate.wait()
        with lock:
            at_once[0] -= 1
        server.serve("/x", picture(1))
        server.answers["/x"](handler)

    urls = []
    for number in range(8):
        server.answers[f"/{number}"] = slow
        urls.append(server.url(f"/{number}"))
    threads = [threading.Thread(target=pictures.read, args=(url,)) for url in urls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == 4


def test_what_has_just_failed_is_not_tried_again_at_once(
    server: PictureServer, pictures: WebPictures
) -> None:
    pictures.patience_s = 1e9
    for _ in range(3):
        with pytest.raises(Unreachable, match="the server answered 404"):
            pictures.read(server.url("/none.png"))
    assert len(server.asked) == 1


# -- what is kept --------------------------------------------------------------------------------------------


def test_contents_used_longest_ago_make_room(tmp_path: Path) -> None:
    ticks = iter(range(1000))
    kept = Kept(tmp_path, lambda: 250, lambda: float(next(ticks)))
    digests = [kept.put(f"u{number}", bytes([number]) * 100, None, None) for number in range(2)]
    assert kept.content(digests[0]) is not None
    digests.append(kept.put("u2", b"\2" * 100, None, None))
    assert [kept.content(digest) is not None for digest in digests] == [True, False, True]
    assert all(kept.answer(f"u{number}") is not None for number in range(3))
    kept.put("large", bytes(1000), None, None)
    assert kept.content(digest_of(bytes(1000))) is None
    kept.close()


def test_the_same_content_of_two_addresses_is_kept_once(tmp_path: Path) -> None:
    kept = Kept(tmp_path, lambda: 1000)
    assert kept.put("a", b"x", None, None) == kept.put("b", b"x", None, None)
    assert len(list(tmp_path.glob("*/*"))) == 1
    kept.close()


def test_an_index_that_is_damaged_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "index.sqlite").write_bytes(b"no database" * 1000)
    kept = Kept(tmp_path, lambda: 1000)
    assert kept.answer("a") is None
    kept.put("a", b"x", None, None)
    assert kept.answer("a") is not None
    kept.close()


def test_the_index_says_nothing_of_addresses(tmp_path: Path) -> None:
    kept = Kept(tmp_path, lambda: 1000)
    kept.put("https://user:secret@host/token", b"x", None, None)
    kept.close()
    files = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert not any(b"secret" in content or b"token" in content for content in files)
