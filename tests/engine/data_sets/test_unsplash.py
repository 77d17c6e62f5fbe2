"""GET THANOSQL DATASET unsplash_data against a server that behaves badly."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from urllib3 import HTTPResponse

sys.path.insert(0, str(Path(__file__).parent))
import bad_server
from bad_server import (
    FOLDER,
    PhotoServer,
    Stop,
    get,
    jpeg,
    listed,
    on_disk,
    photo_id,
    rows_of,
    seeded,
    served,
)

from thanosql_kernel.engine.datasets import arrival, datasets
from thanosql_kernel.engine.datasets.arrival import ending_of
from thanosql_kernel.engine.datasets.photo_list import NoList, read_list, unpack_list
from thanosql_kernel.engine.datasets.unsplash import Wish
from thanosql_kernel.engine.session import Session
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError, Interrupted, ThanoSQLError, UnknownName
from thanosql_kernel.web.client import pause_asked_for


@contextmanager
def serving(count: int, **how: object) -> Iterator[PhotoServer]:
    with served(PhotoServer(count, **how)) as photos:  # type: ignore[arg-type]
        yield photos


def always(misdeed: str, *, to: str = "/photo", until: int = 10_000) -> Callable[[str, int], str]:
    return lambda path, times: misdeed if path.startswith(to) and times < until else ""


class Notices:
    """A work that remembers what it told."""

    def __init__(self, folder: Path) -> None:
        self.told: list[str] = []
        self.work = Work(folder, notice=self.told.append)


def test_the_photos_and_their_csv_are_there(tmp_path: Path):
    with serving(5) as photos:
        told = get(photos, tmp_path)
    assert listed(tmp_path) == on_disk(tmp_path) == photos.expected()
    assert rows_of(tmp_path)[1] == {
        "photo_id": photo_id(1),
        "image_path": f"{FOLDER}/w48/{photo_id(1)}.jpg",
        "photo_image_url": f"http://{photos.host}/photo/1",
        "photo_description": 'Photo "1", a cat 한글',
        "ai_description": "a cat 1",
    }
    assert f"COPY unsplash_data FROM '{FOLDER}/unsplash.csv'" in told
    assert "5 photos" in told
    assert all("thanosql-kernel" in agent for agent in photos.agents)
    assert photos.most_at_once <= 8
    assert not [*tmp_path.rglob("*.part"), *tmp_path.rglob("evil*")]


def test_copy_reads_what_was_fetched(tmp_path: Path):
    with serving(3, rows=['quoted-row_1\tx\thttp://unsplash.com/a\t1\t"=1+1, ""x"\ty']) as photos:
        get(photos, tmp_path, limit=3)
    session, results = Session(tmp_path / "db", working_folder=tmp_path), []
    session.run(
        f"COPY t FROM '{FOLDER}/unsplash.csv'; SELECT * FROM t ORDER BY photo_id", emit=results.append
    )
    assert results[-1].rows.to_pylist() == rows_of(tmp_path)
    session.close()


@pytest.mark.parametrize("seed", [1])
def test_a_server_that_behaves_badly_gives_exactly_the_right_files(tmp_path: Path, seed: int):
    with serving(40, misdeed=seeded(seed), gone={3: 404, 20: 403, 39: 410}) as photos:
        notices = Notices(tmp_path)
        get(photos, tmp_path, notices.work)
    assert listed(tmp_path) == on_disk(tmp_path) == photos.expected()
    assert len({misdeed for _, _, misdeed in photos.log}) >= 10
    assert notices.told == [
        "left out: 3 photos that the server does not give (HTTP 404: 1, HTTP 403: 1, HTTP 410: 1)"
    ]


@pytest.mark.parametrize("seed", [2])
def test_a_fetch_that_was_stopped_goes_on_where_it_was(tmp_path: Path, seed: int):
    with serving(40, misdeed=seeded(seed), gone={3: 404}) as photos:
        for _ in range(2):
            stop = Stop(after=12)
            with pytest.raises(Interrupted):
                get(photos, tmp_path, Work(tmp_path, stop.check, progress=stop.open), workers=2)
            assert listed(tmp_path) == on_disk(tmp_path)
        assert 20 <= len(rows_of(tmp_path)) <= 30
        before = {path: path.stat().st_mtime_ns for path in (tmp_path / FOLDER / "w48").iterdir()}
        get(photos, tmp_path)
    assert listed(tmp_path) == on_disk(tmp_path) == photos.expected()
    assert all(path.stat().st_mtime_ns == written for path, written in before.items())
    assert photos.asked["/data/lite/latest"] <= bad_server.MOST_IN_A_ROW + 1


def test_what_is_there_is_not_asked_for_again(tmp_path: Path):
    with serving(6, gone={2: 404}) as photos:
        get(photos, tmp_path, limit=4)
        assert photos.asked.total() == 5
        get(photos, tmp_path)
        assert photos.asked.total() == 7
    assert get(photos, tmp_path).startswith("Already there, nothing was downloaded: 5 photos")
    assert len(rows_of(tmp_path)) == 5


def test_each_width_has_its_own_photos(tmp_path: Path):
    with serving(2) as photos:
        get(photos, tmp_path)
        get(photos, tmp_path, width=32)
    assert (
        on_disk(tmp_path, 32) == listed(tmp_path) == {photo_id(number): jpeg(number, 32) for number in (0, 1)}
    )
    assert on_disk(tmp_path) == photos.expected()


def test_overwriting_fetches_all_again_and_goes_on_when_it_was_stopped(tmp_path: Path):
    with serving(9) as photos:
        get(photos, tmp_path)
        for path in (tmp_path / FOLDER / "w48").iterdir():
            path.write_bytes(b"old")
            os.utime(path, (1, 1))
        stop = Stop(after=4)
        with pytest.raises(Interrupted):
            get(photos, tmp_path, Work(tmp_path, stop.check, progress=stop.open), workers=1, overwrite=True)
        assert len(rows_of(tmp_path)) == 9
        photos.asked.clear()
        get(photos, tmp_path, overwrite=True)
    assert listed(tmp_path) == photos.expected()
    assert set(photos.asked) == {f"/photo/{number}" for number in range(4, 9)}


def test_all_workers_wait_as_long_as_the_server_says(tmp_path: Path):
    with serving(
        6, misdeed=lambda path, times: "429 after" if path == "/photo/3" and times == 0 else ""
    ) as photos:
        get(photos, tmp_path, workers=1)
    refused = next(index for index, entry in enumerate(photos.log) if entry[2])
    assert photos.log[refused + 1][0] >= photos.log[refused][0] + 3
    assert listed(tmp_path) == photos.expected()


def test_waiting_grows_while_the_server_stays_busy(tmp_path: Path):
    with serving(1, misdeed=always("503", until=5)) as photos:
        get(photos, tmp_path)
    times = [at for at, path, _ in photos.log if path.startswith("/photo")]
    waits = [later - earlier for earlier, later in pairwise(times)]
    assert waits[-1] > 8 > 2 > waits[0] > 0.4


def test_a_server_that_wants_to_be_left_alone_is_left_alone(tmp_path: Path):
    with (
        serving(30, misdeed=always("429")) as photos,
        pytest.raises(DataError, match="asks to wait") as caught,
    ):
        get(photos, tmp_path)
    assert caught.value.code == "TS502"
    assert photos.asked.total() < 150


@pytest.mark.parametrize("misdeed", ["500", "html", "half a picture", "cut", "silent"])
def test_photos_that_never_come_whole_are_an_error_that_leaves_nothing(tmp_path: Path, misdeed: str):
    with serving(2, misdeed=always(misdeed)) as photos, pytest.raises(DataError, match="0 of 2") as caught:
        get(photos, tmp_path)
    assert caught.value.code == "TS502"
    assert not [*tmp_path.rglob("*.jpg"), *tmp_path.rglob("*.csv")]


def test_a_photo_that_does_not_come_now_is_told_and_tried_the_next_time(tmp_path: Path):
    notices = Notices(tmp_path)
    with serving(4, misdeed=lambda path, times: "html" if path == "/photo/2" else "") as photos:
        get(photos, tmp_path, notices.work)
        photos.misdeed = always("", until=0)
        assert set(listed(tmp_path)) == set(photos.expected()) - {photo_id(2)}
        get(photos, tmp_path)
    assert notices.told == ["1 photo could not be fetched now (not a whole picture): run the statement again"]
    assert listed(tmp_path) == photos.expected()


def test_a_network_that_goes_ends_it_soon_and_what_came_is_listed(tmp_path: Path):
    gone = lambda path, times: "silent" if path.startswith("/photo") and int(path[7:]) >= 20 else ""  # noqa: E731
    with serving(200, misdeed=gone) as photos:
        with pytest.raises(DataError, match="ended with 20 of 200"):
            get(photos, tmp_path, workers=2)
        assert photos.asked.total() < 150
        photos.misdeed = always("", until=0)
        get(photos, tmp_path)
    assert listed(tmp_path) == photos.expected()


def test_a_set_of_which_nothing_is_given_is_an_error_and_nothing_is_remembered(tmp_path: Path):
    with serving(3, gone={0: 404, 1: 404, 2: 404}) as photos:
        with pytest.raises(DataError, match="HTTP 404"):
            get(photos, tmp_path)
        photos.gone = {}
        get(photos, tmp_path)
    assert listed(tmp_path) == photos.expected()


def test_the_archive_goes_on_where_it_broke_off(tmp_path: Path):
    with serving(200, misdeed=always("cut", to="/data", until=3)) as photos:
        get(photos, tmp_path, limit=1)
    assert photos.asked["/data/lite/latest"] == 4


@pytest.mark.parametrize("misdeed", ["corrupt", "short", "html"])
def test_a_damaged_archive_is_fetched_again(tmp_path: Path, misdeed: str):
    with serving(3, misdeed=always(misdeed, to="/data", until=1)) as photos:
        get(photos, tmp_path)
    assert listed(tmp_path) == photos.expected()
    assert not list((tmp_path / FOLDER).glob(".lite.zip"))


@pytest.mark.parametrize(
    ("misdeed", "said"), [("html", "no archive"), ("500", "HTTP 500"), ("silent", "cannot be")]
)
def test_an_archive_that_never_comes_is_an_error(tmp_path: Path, misdeed: str, said: str):
    with (
        serving(1, misdeed=always(misdeed, to="/data")) as photos,
        pytest.raises(DataError, match=said) as caught,
    ):
        get(photos, tmp_path)
    assert caught.value.code == "TS502"
    assert "sample_photos" in (caught.value.hint or "")


def test_photos_that_somebody_has_kept_are_left_as_they_are(tmp_path: Path):
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    (folder / "unsplash.csv").write_text("photo_id,image_path\na,b\n")
    with serving(1) as photos:
        told = get(photos, tmp_path, overwrite=True)
    assert told == (
        f"Already there, nothing was downloaded: {FOLDER}/\nNext: COPY unsplash_data FROM '{FOLDER}/unsplash.csv'"
    )
    assert photos.asked.total() == 0
    assert [path.name for path in folder.iterdir()] == ["unsplash.csv"]


def test_sets_that_were_hosted_are_fine_where_their_folder_is(tmp_path: Path):
    with pytest.raises(UnknownName) as caught:
        datasets.fetch("titanic_data", Work(tmp_path), Wish())
    assert "thanosql-dataset/titanic_data/" in (caught.value.hint or "")
    folder = tmp_path / "thanosql-dataset" / "titanic_data"
    folder.mkdir(parents=True)
    (folder / "titanic_train.csv").write_text("a\n1\n")
    told = datasets.fetch("Titanic_data", Work(tmp_path), Wish(overwrite=True))
    assert "COPY titanic_data FROM 'thanosql-dataset/titanic_data/titanic_train.csv'" in told


# -- the list ------------------------------------------------------------------------------------------------
HOSTILE = (
    "photo_id\tphoto_image_url\tphoto_description\tai_description\n"
    "aaaaa\thttps://images.unsplash.com/a\tplain\tx\n"
    'bbbbb\thttps://images.unsplash.com/b\t"never closed\tx\n'
    'ccccc\thttps://images.unsplash.com/c\t"two\nlines, ""quoted"""\tx\r\n'
    'ddddd\thttps://images.unsplash.com/d\tthe 5" one\t\x00\x1b[31mred\x07\x85\n'
    "../../evil\thttps://images.unsplash.com/e\tx\tx\n"
    "fffff\tfile:///etc/passwd\tx\tx\n"
    "ggggg\thttp://169.254.169.254/meta\tx\tx\n"
    "AAAAA\thttps://images.unsplash.com/twice\tx\tx\n"
    "hhhhh\thttps://images.unsplash.com/h\n"
    "iiiii\thttps://images.unsplash.com/i\tlast\tx"
)


def test_a_hostile_list_loses_only_its_bad_lines(tmp_path: Path):
    (tmp_path / "list").write_text(HOSTILE, encoding="utf-8", newline="")
    found = read_list(tmp_path / "list")
    assert found.unusable == 4
    assert [(it.id, it.description, it.ai_description) for it in found.photos] == [
        ("aaaaa", "plain", "x"),
        ("bbbbb", '"never closed', "x"),
        ("ccccc", 'two lines, "quoted"', "x"),
        ("ddddd", 'the 5" one', "[31mred"),
        ("ggggg", "x", "x"),
        ("iiiii", "last", "x"),
    ]


def archived(names: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in names.items():
            archive.writestr(name, data)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        archived({"readme": b"x"}),
        archived({"photos.tsv000": bytes(3_000_000)}),
        archived({"photos.tsv000": b"x" * 1000})[:-40],
    ],
    ids=["empty", "html", "no list", "bomb", "cut"],
)
def test_what_is_no_archive_with_a_list_is_refused(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("thanosql_kernel.engine.datasets.photo_list._MOST_BYTES", 2_000_000)
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(NoList):
        unpack_list(tmp_path / "a.zip", tmp_path / "list", lambda: None)


# -- pieces --------------------------------------------------------------------------------------------------
def test_a_picture_that_lacks_its_end_is_none():
    whole = jpeg(1)
    assert ending_of(whole) == ".jpg"
    assert [ending_of(whole[:-cut]) for cut in (1, 2, 100, len(whole) - 4)] == [None] * 4
    assert ending_of(b"<html>") is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("Mon, 30 Nov 2026 12:00:30 GMT", 30),
        ("Mon, 30 Nov 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str | None, seconds: float | None):
    response = HTTPResponse(headers={} if header is None else {"Retry-After": header})
    assert pause_asked_for(response, datetime(2026, 11, 30, 12, tzinfo=UTC)) == seconds


def test_a_list_sends_nobody_to_other_servers(tmp_path: Path):
    with serving(1, rows=["other-host_1\tx\thttp://127.0.0.3/x\t1\tx\ty"]) as photos:
        notices = Notices(tmp_path)
        get(photos, tmp_path, notices.work)
    assert set(listed(tmp_path)) == {photo_id(0)}
    assert "an address that is not asked: 1" in notices.told[0]


def test_a_photo_too_large_to_be_one_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(arrival, "_MOST_BYTES", 100)
    with serving(1) as photos, pytest.raises(DataError, match="too large"):
        get(photos, tmp_path)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("GET THANOSQL DATASET sample_photos OPTIONS(limit=3)", "sample_photos has no option limit"),
        ("GET THANOSQL DATASET unsplash_data OPTIONS(workers=17)", "workers must be at most 16"),
        ("GET THANOSQL DATASET unsplash_data OPTIONS(limit=0)", "limit must be at least 1"),
    ],
)
def test_options_that_do_not_fit_are_refused(tmp_path: Path, statement: str, said: str):
    session = Session(tmp_path / "db", working_folder=tmp_path)
    with pytest.raises(ThanoSQLError, match=said):
        session.run(statement, emit=lambda result: None)
    session.close()
