"""Pictures as files, bytes, structures, ``data:`` addresses and of the web are the same pictures."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "web"))
from picture_server import PictureServer, picture, serving

from thanosql_kernel.engine.embed import picture_values
from thanosql_kernel.statements.results import MediaResult

HF = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
COUNT = 5


@pytest.fixture
def server() -> Iterator[PictureServer]:
    with serving() as running:
        yield running


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def photos() -> list[bytes]:
    return [picture(number, kind) for number, kind in enumerate(["PNG", "JPEG", "WEBP", "BMP", "GIF"])]


def data_url(content: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(content).decode()


def of_files(folder: Path, server: PictureServer) -> pa.Array:
    for number, content in enumerate(photos()):
        (folder / f"{number}.bin").write_bytes(content)
    return pa.array([f"{number}.bin" for number in range(COUNT)])


def of_web(folder: Path, server: PictureServer) -> pa.Array:
    return pa.array([server.serve(f"/{number}", content) for number, content in enumerate(photos())])


def of_structures(folder: Path, server: PictureServer) -> pa.Array:
    values: list[dict[str, Any]] = [{"bytes": it, "path": f"사진{at}.png"} for at, it in enumerate(photos())]
    (folder / "끝.png").write_bytes(photos()[-1])
    return pa.array([*values[:-1], {"bytes": None, "path": "끝.png"}], HF)


def of_a_mix(folder: Path, server: PictureServer) -> pa.Array:
    files, addresses = of_files(folder, server), of_web(folder, server)
    return pa.array(
        [
            files[0].as_py(),
            addresses[1].as_py(),
            data_url(photos()[2]),
            files[3].as_py(),
            data_url(photos()[4]),
        ]
    )


KINDS: dict[str, Callable[[Path, PictureServer], pa.Array]] = {
    "files": of_files,
    "bytes": lambda folder, server: pa.array(photos(), pa.binary()),
    "large bytes": lambda folder, server: pa.array(photos(), pa.large_binary()),
    "structures": of_structures,
    "data addresses": lambda folder, server: pa.array([*map(data_url, photos())]),
    "the web": of_web,
    "a mix": of_a_mix,
}


@pytest.fixture
def vectors(world) -> Callable[[pa.Array, str], np.ndarray]:
    def convert(values: pa.Array, name: str = "t") -> np.ndarray:
        world.run("SET network.private = on")
        world.put(name, pa.table({"p": values, "n": pa.array(range(len(values)))}))
        world.run(
            f"CONVERT USING mini OPTIONS(image_col='p', result_col='v', batch_size=5) AS SELECT * FROM {name}"
        )
        rows = world.rows(f"SELECT v FROM {name} ORDER BY n")
        return np.array([row["v"] for row in rows], dtype=np.float32)

    return convert


def told(world, cell: str) -> list[str]:
    return [note for result in world.run(cell) for note in result.notices]


CONVERT = "CONVERT USING mini OPTIONS(image_col='p', result_col='v', batch_size=5) AS SELECT * FROM t"


def test_vectors_are_the_same_bits_wherever_a_picture_is_and_each_is_embedded_once(
    world, server: PictureServer, vectors
) -> None:
    wanted = vectors(of_files(world.folder, server), "files")
    for name, make in KINDS.items():
        found = vectors(make(world.folder, server), "t")
        assert found.tobytes() == wanted.tobytes(), name
        assert told(world, CONVERT)[0].startswith("0 pictures embedded"), name


def test_a_search_finds_a_picture_by_any_of_them(world, server: PictureServer, vectors) -> None:
    vectors(pa.array(photos(), pa.binary()))
    (world.folder / "q.png").write_bytes(photos()[3])
    inputs = ["q.png", data_url(photos()[3]), server.serve("/q", photos()[3])]
    found = [
        world.rows(
            f"SELECT n, s FROM (SEARCH IMAGE image='{it}' USING mini OPTIONS(result_col='s') AS FROM t) ORDER BY s DESC"
        )
        for it in inputs
    ]
    assert found[0][0]["n"] == 3
    assert found[0] == found[1] == found[2]
    listed = ", ".join(f"'{it}'" for it in inputs)
    rows = world.rows(f"SEARCH IMAGE images=[{listed}] USING mini OPTIONS(result_col='s') AS FROM t")
    assert rows[0]["s1"] == rows[0]["s2"] == rows[0]["s3"]


def test_a_parquet_of_hugging_face_is_copied_converted_shown_and_exported(world) -> None:
    values = [{"bytes": content, "path": f"사진/{at}.x"} for at, content in enumerate(photos())]
    pq.write_table(
        pa.table({"image": pa.array(values, HF), "label": [*range(COUNT)]}), world.folder / "t.parquet"
    )
    world.run(
        "COPY hf FROM 't.parquet'; CONVERT USING mini OPTIONS(image_col='image', result_col='v', batch_size=5) AS FROM hf"
    )
    assert world.rows("SELECT image FROM hf") == [{"image": value} for value in values]
    assert world.rows("SELECT count(v) AS n FROM hf") == [{"n": COUNT}]
    shown = world.run("PRINT IMAGE AS FROM hf")[-1]
    assert isinstance(shown, MediaResult)
    assert [item.path for item in shown.items] == [f"사진/{at}.x" for at in range(COUNT)]
    assert [item.read() for item in shown.items if item.read] == photos()
    world.run("EXPORT hf TO 'out/' OPTIONS(image_col='image')")
    assert (world.folder / "out" / "0003_2.x").read_bytes() == photos()[2]
    lines = (world.folder / "out" / "rows.csv").read_text("utf-8-sig").splitlines()
    assert lines[1].startswith("0001_0.x,사진/0.x,0,")
    world.run("EXPORT SELECT image FROM hf TO 'page.html' OPTIONS(image_col='image')")
    page = (world.folder / "page.html").read_text("utf-8")
    assert page.count('<img src="data:image/webp;base64,') == COUNT


def test_bytes_are_shown_in_short_and_exported_with_their_ending(world, server: PictureServer) -> None:
    from thanosql_kernel.jupyter.cells import column_texts

    table = pa.table({"p": pa.array([photos()[0], b"no picture", None], pa.binary())})
    assert column_texts(table.column(0)) == [f"<{len(photos()[0]) / 1000:.1f} kB PNG>", "<10 bytes>", None]
    world.put("t", table)
    shown = world.run("PRINT IMAGE AS FROM t")[-1]
    assert [item.path for item in shown.items] == [
        f"<{len(photos()[0]) / 1000:.1f} kB PNG>",
        "<10 bytes>",
        None,
    ]
    world.run("EXPORT t TO 'out/' OPTIONS(image_col='p')")
    assert (world.folder / "out" / "0001_picture.png").read_bytes() == photos()[0]


def test_pictures_of_the_web_are_drawn_here_and_no_address_is_left_to_the_viewer(
    world, server: PictureServer
) -> None:
    from thanosql_kernel.jupyter.grid import media_html
    from thanosql_kernel.jupyter.media import prepare_media

    url = server.serve("/a.png", picture(1)).replace("http://", "http://user:secret@") + "?token=secret"
    world.run("SET network.private = on")
    world.put("t", pa.table({"image_path": [url]}))
    result = world.run("PRINT IMAGE AS FROM t")[-1]
    html = media_html(prepare_media(result, result.paths, lambda: False))
    assert '<img src="data:image/webp;base64,' in html
    assert "http" not in html
    assert "secret" not in html


# -- what is known is not read again -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["bytes", "structures", "data addresses", "the web"])
def test_nothing_new_reads_no_picture_and_asks_no_server(
    world, server: PictureServer, vectors, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors(KINDS[kind](world.folder, server))
    asked = len(server.asked)
    if kind != "the web":
        monkeypatch.setattr(picture_values, "digest", None)
    if kind == "structures":  # the one that is a file is looked at, in a part with the others
        monkeypatch.undo()
    assert told(world, CONVERT)[0] == "0 pictures embedded, 5 known from before"
    assert len(server.asked) == asked


def test_an_appended_picture_costs_itself(world, server: PictureServer, vectors, monkeypatch) -> None:
    vectors(pa.array(photos(), pa.binary()))
    read: list[bytes] = []
    as_before = picture_values.digest
    monkeypatch.setattr(picture_values, "digest", lambda content: read.append(content) or as_before(content))
    world.put("more", pa.table({"p": pa.array([picture(77)], pa.binary()), "n": [99]}))
    world.run("INSERT INTO t (p, n) SELECT p, n FROM more")
    assert told(world, CONVERT)[0] == "1 picture embedded, 5 known from before"
    assert read == [picture(77)]
    assert world.rows("SELECT count(v) AS n FROM t") == [{"n": 6}]


def test_a_changed_picture_has_another_vector(world, server: PictureServer, vectors) -> None:
    before = vectors(of_structures(world.folder, server))
    world.put("other", pa.table({"p": pa.array([picture(77)], pa.binary())}))
    world.run("UPDATE t SET p = {'bytes': (SELECT p FROM other), 'path': 'x'} WHERE n = 1")
    assert told(world, CONVERT)[0] == "1 picture embedded, 4 known from before"
    after = np.array([row["v"] for row in world.rows("SELECT v FROM t ORDER BY n")], dtype=np.float32)
    assert [np.array_equal(*pair) for pair in zip(before, after, strict=True)] == [
        True,
        False,
        True,
        True,
        True,
    ]


def test_two_addresses_of_one_picture_cost_one(world, server: PictureServer, vectors) -> None:
    found = vectors(pa.array([server.serve("/a", picture(1)), server.serve("/b", picture(1))]))
    assert np.array_equal(*found)
    assert told(world, CONVERT)[0] == "0 pictures embedded, 2 known from before"


def test_a_picture_that_changed_on_the_web_is_embedded_anew_when_it_is_asked_for_again(
    world, server: PictureServer, vectors
) -> None:
    before = vectors(
        pa.array([server.serve("/a", picture(1), ETag='"1"'), server.serve("/b", picture(2), ETag='"1"')])
    )
    server.serve("/a", picture(3), ETag='"2"')
    assert told(world, CONVERT)[0] == "0 pictures embedded, 2 known from before"
    world.session.database.web.fresh_s = 0.0
    assert told(world, CONVERT)[0] == "1 picture embedded, 1 known from before"
    after = np.array([row["v"] for row in world.rows("SELECT v FROM t ORDER BY n")], dtype=np.float32)
    assert [np.array_equal(*pair) for pair in zip(before, after, strict=True)] == [False, True]


@pytest.mark.parametrize("body", [b"<html>sign in</html>", None])
def test_vectors_stay_while_a_server_is_away_or_wants_a_password(
    world, server: PictureServer, vectors, body: bytes | None
) -> None:
    before = vectors(pa.array([server.serve("/a", picture(1)), server.serve("/b", picture(2))]))
    database = world.session.database
    database.web.fresh_s = database.web.patience_s = 0.0
    if body is None:
        server.answers.clear()
    else:
        server.serve("/a", body)
        server.serve("/b", body)
    notes = told(world, CONVERT)
    assert any("2 files" in note for note in notes), notes
    after = np.array([row["v"] for row in world.rows("SELECT v FROM t ORDER BY n")], dtype=np.float32)
    assert before.tobytes() == after.tobytes()


def test_what_cannot_be_had_is_null_with_a_reason_and_no_secret(world, server: PictureServer) -> None:
    world.run("SET network.private = on")
    secret = server.url("/none.png").replace("http://", "http://user:secret@") + "?token=secret"
    bad = [
        "data:image/png;base64,%%%",
        "data:no comma",
        server.serve("/page", b"<html>", "text/html"),
        secret,
    ]
    world.put("t", pa.table({"p": [*bad, data_url(picture(1))]}))
    notes = told(world, CONVERT)
    assert "secret" not in "".join(notes)
    assert notes[1].splitlines() == [
        "4 pictures could not be read and stay NULL:",
        "  the picture in row 1: this data: address cannot be read: it is no base64",
        "  the picture in row 2: this data: address cannot be read: it has no comma",
        "  127.0.0.1/page: the server sent no picture (text/html)",
        "  127.0.0.1/none.png: the server answered 404",
    ]
    assert world.rows("SELECT count(v) AS n FROM t") == [{"n": 1}]


def test_private_addresses_are_not_asked_unless_the_user_says_so(world, server: PictureServer) -> None:
    url = server.serve("/a.png", picture(1))
    world.put("t", pa.table({"p": [url]}))
    assert "network.private" in "".join(told(world, CONVERT))
    world.put("v", pa.table({"p": ["x"], "v": [[0.0]]}))
    error = world.fail(f"SEARCH IMAGE image='{url}' USING mini OPTIONS(emb_col='v') AS FROM t")
    assert (error.code, server.asked) == ("TS502", [])
    world.run("SET network.private = on")
    world.session.database.web.patience_s = 0.0
    assert told(world, CONVERT)[0] == "1 picture embedded"


# -- a large table -------------------------------------------------------------------------------------------


def test_a_column_is_read_in_batches_of_bounded_size(world, vectors, monkeypatch: pytest.MonkeyPatch) -> None:
    largest: list[int] = []
    as_before = picture_values._digested
    monkeypatch.setattr(picture_values, "_digested", lambda it: largest.append(it.nbytes) or as_before(it))
    monkeypatch.setattr(picture_values, "GROUP_BYTES", 20_000)
    contents = [picture(number % 5) for number in range(200)]
    vectors(pa.array(contents, pa.binary()))
    assert max(largest) < 80_000
    assert len(largest) > 10
    world.run(
        "CONVERT USING mini OPTIONS(image_col='p', result_col='w', batch_size=5) AS SELECT * FROM t WHERE n % 2 = 0"
    )
    assert world.rows("SELECT count(v) AS n FROM t") == [{"n": 200}]


def test_pictures_of_a_query_that_is_no_part_of_a_table_are_read_as_a_stream(world, vectors) -> None:
    wanted = vectors(pa.array(photos(), pa.binary()))
    query = "SELECT a.p, a.n FROM t AS a JOIN (SELECT 1 AS x) ON true ORDER BY a.n DESC"
    world.run(
        f"CONVERT USING mini OPTIONS(image_col='p', result_col='v', batch_size=5, table_name='u') AS {query}"
    )
    rows = world.rows("SELECT v FROM u ORDER BY n")
    assert np.array([row["v"] for row in rows], dtype=np.float32).tobytes() == wanted.tobytes()


def test_a_column_of_other_bytes_or_structures_is_refused(world) -> None:
    world.run("CREATE TABLE t AS SELECT {'a': 1} AS p")
    error = world.fail(CONVERT)
    assert (error.code, error.message) == ("TS300", "column p holds STRUCT(a INTEGER), no pictures")
    assert world.fail("PRINT IMAGE OPTIONS(image_col='p') AS FROM t").code == "TS300"
