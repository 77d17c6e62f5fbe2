"""REFRESH: rows follow their files with all that was added to them."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from thanosql_kernel.engine.refresh import refresh
from thanosql_kernel.errors import DataError, Interrupted, ThanoSQLError, Unsupported

sys.path.insert(0, str(Path(__file__).parent))
from refresh_world import CONVERT, STARS, Photos, PixelEncoder, write_picture


# -- who is who --------------------------------------------------------------------------------------------------
def test_a_large_photo_without_a_vector_is_known_again_only_with_its_time(photos: Photos) -> None:
    photos.paint("large", seed=7, side=200)
    photos.told("REFRESH t")
    photos.sql("UPDATE t SET star = 5 WHERE star IS NULL")
    path = photos.photos / "large.png"
    path.rename(photos.photos / "moved.png")
    assert photos.told("REFRESH t")[0] == "1 renamed in t; 4 kept"
    path = photos.photos / "moved.png"
    shutil.copy(path, photos.photos / "copied.png")
    path.unlink()
    assert photos.told("REFRESH t")[0] == "1 added, 1 removed in t; 4 kept"
    photos.sql(CONVERT + "; UPDATE t SET star = 6 WHERE star IS NULL")
    shutil.copy(photos.photos / "copied.png", photos.photos / "again.png")
    (photos.photos / "copied.png").unlink()
    assert photos.told("REFRESH t")[0] == "1 renamed in t; 4 kept"
    assert ("photos/again.png", 6) in photos.rows()


def test_another_large_photo_of_the_same_ends_is_another_one(embedded: Photos) -> None:
    embedded.paint("large", seed=7, side=200)
    embedded.told("REFRESH t")
    path = embedded.photos / "large.png"
    data, status = bytearray(path.read_bytes()), path.stat()
    data[60_000:60_010] = bytes(10)
    path.unlink()
    other = embedded.photos / "other.png"
    other.write_bytes(data)
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert embedded.told("REFRESH t")[0] == "1 added, 1 removed in t; 4 kept"


def test_a_large_photo_with_a_vector_is_known_again_after_rows_were_written_together(
    embedded: Photos,
) -> None:
    embedded.paint("large", seed=7, side=200)
    embedded.told("REFRESH t")
    embedded.sql("UPDATE t SET star = 5 WHERE star IS NULL; UPDATE t SET star = star WHERE star < 3")
    before = embedded.rows("star, v")
    assert "rows written again" in str(embedded.sql("VACUUM t"))
    path = embedded.photos / "large.png"
    os.utime(path)
    path.rename(embedded.photos / "moved.png")
    assert embedded.told("REFRESH t") == ["1 renamed in t; 4 kept"]
    assert embedded.rows("star, v") == before


def test_names_are_known_again_after_rows_were_written_together(photos: Photos) -> None:
    for number in range(9):
        photos.paint(f"e{number}")
        photos.told("REFRESH t")
    photos.sql("VACUUM t")
    photos.photos.joinpath("e3.png").rename(photos.photos / "sub" / "z.png")
    assert photos.told("REFRESH t")[0] == "1 renamed in t; 12 kept"


def test_a_file_written_again_within_a_tick_of_its_clock_is_seen(photos: Photos) -> None:
    path = photos.photos / "soon.png"
    write_picture(path, 1, 8)
    later = 4_000_000_000
    os.utime(path, (later, later))
    assert photos.told("REFRESH t")[0] == "1 added in t; 4 kept"
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)
    os.utime(path, (later, later))
    assert photos.told("REFRESH t")[0] == "1 changed in t; 4 kept"
    assert photos.told("REFRESH t")[0] == "nothing new in t; 5 kept"


def test_rows_of_one_path_stay_together(photos: Photos) -> None:
    photos.sql("INSERT INTO t (image_path, star) SELECT image_path, 10 FROM t WHERE star = 1")
    photos.photos.joinpath("a.png").rename(photos.photos / "z.png")
    photos.told("REFRESH t")
    assert [star for path, star in photos.rows() if path == "photos/z.png"] == [1, 10]


# -- columns -----------------------------------------------------------------------------------------------------
def test_what_is_known_of_a_changed_file_is_brought_up_to_date(photos: Photos) -> None:
    photos.sql(
        "ALTER TABLE t ADD COLUMN note VARCHAR; UPDATE t SET note = 'mine'; ALTER TABLE t DROP COLUMN camera"
    )
    photos.paint("a", seed=77, side=16)
    photos.paint("e")
    assert photos.told("REFRESH t")[0] == "1 added, 1 changed in t; 3 kept"
    size = (photos.photos / "a.png").stat().st_size
    assert photos.rows("star, note, size_bytes")[0] == (1, "mine", size)
    assert photos.rows("star, note, size_bytes IS NULL")[4] == (None, None, False)


def test_a_column_of_ones_own_is_not_taken_for_the_folders(photos: Photos) -> None:
    photos.sql("CREATE OR REPLACE TABLE t AS SELECT image_path, star, 'x' AS kind FROM t")
    photos.paint("a", seed=77)
    photos.paint("e")
    assert photos.told("REFRESH t FROM 'photos'")[0] == "1 added in t; 4 kept"
    assert [kind for (kind,) in photos.rows("kind")] == ["x"] * 4 + [None]


def test_rows_that_somebody_inserted_are_filled(photos: Photos) -> None:
    photos.paint("e")
    photos.sql("INSERT INTO t (image_path, star) VALUES ('photos/e.png', 5)")
    assert photos.told("REFRESH t")[0] == "1 changed in t; 4 kept"
    assert photos.rows("star, size_bytes > 0")[-1] == (5, True)


# -- what is remembered ------------------------------------------------------------------------------------------
def test_which_folder_it_was_is_known_to_other_kernels_under_other_names(photos: Photos) -> None:
    photos.sql("ALTER TABLE t RENAME TO u")
    photos.paint("e")
    other = photos.connect()
    assert str(other.sql("REFRESH u")).startswith("1 added in u; 4 kept")
    other.close()


def test_options_of_the_copy_hold_for_the_refresh(photos: Photos) -> None:
    photos.sql("DROP TABLE t; COPY t OPTIONS(pattern='*a*', metadata=False, recursive=False) FROM 'photos'")
    photos.paint("aa", "bb", "sub/aaa")
    assert photos.told("REFRESH t")[0] == "1 added in t; 1 kept"
    assert photos.rows("*") == [("photos/a.png",), ("photos/aa.png",)]


def test_an_earlier_version_is_brought_up_to_date_once_more(embedded: Photos) -> None:
    version = embedded.connection.session.catalog.tables["t"].version
    embedded.paint("a", seed=55, side=9)
    embedded.photos.joinpath("b.png").rename(embedded.photos / "z.png")
    embedded.told("REFRESH t")
    now = embedded.rows("image_path, star, v, size_bytes")
    embedded.sql(f"RESTORE t TO VERSION {version}")
    assert embedded.told("REFRESH t")[0] == "1 renamed, 1 changed in t; 2 kept"
    assert embedded.rows("image_path, star, v, size_bytes") == now


def test_a_table_of_a_query_has_no_folder_until_it_is_named(photos: Photos) -> None:
    photos.sql("CREATE TABLE u AS SELECT * FROM t; DROP TABLE t; ALTER TABLE u RENAME TO t")
    error = photos.fail("REFRESH t")
    assert (error.code, isinstance(error, Unsupported)) == ("TS600", True)
    assert "REFRESH t FROM" in (error.hint or "")
    assert photos.told("REFRESH t FROM 'photos'")[0] == "nothing new in t; 4 kept"
    photos.photos.joinpath("a.png").rename(photos.photos / "z.png")
    assert photos.told("REFRESH t")[0] == "1 renamed in t; 3 kept"


def test_a_table_of_a_file_is_told_what_there_is_instead(photos: Photos) -> None:
    (photos.folder / "x.csv").write_text("n\n1\n")
    photos.sql("COPY x FROM 'x.csv'")
    assert "if_exists='replace'" in (photos.fail("REFRESH x").hint or "")
    assert photos.fail("REFRESH t FROM 'x.csv'").code == "TS600"


def test_views_and_widgets_refresh_nothing(photos: Photos) -> None:
    photos.sql("CREATE VIEW w AS SELECT * FROM t")
    assert photos.fail("REFRESH w").code == "TS220"
    with pytest.raises(ThanoSQLError) as caught:
        photos.connection.session.glance("REFRESH t")
    assert caught.value.code == "TS603"


# -- vectors -----------------------------------------------------------------------------------------------------
def test_only_what_is_new_is_embedded(embedded: Photos) -> None:
    before, pictures = dict(embedded.rows("star, v")), embedded.encoder.pictures
    embedded.paint("e")
    embedded.paint("a", seed=55)
    embedded.photos.joinpath("b.png").rename(embedded.photos / "z.png")
    os.utime(embedded.photos / "sub" / "c.png", (1, 1))
    told = embedded.told("REFRESH t")
    assert told == ["1 added, 1 renamed, 2 changed in t; 1 kept", "2 pictures embedded"]
    assert embedded.encoder.pictures - pictures <= 16
    after = dict(embedded.rows("star, v"))
    assert [after[star] == before[star] for star in (1, 2, 3, 4)] == [False, True, True, True]
    assert None not in after.values()


def test_a_vector_stays_with_a_renamed_photo_that_is_out_of_reach_later(embedded: Photos) -> None:
    embedded.photos.joinpath("a.png").rename(embedded.photos / "z.png")
    embedded.told("REFRESH t")
    before = embedded.rows("star, v")
    embedded.photos.rename(embedded.folder / "away")
    embedded.sql(CONVERT)
    assert embedded.rows("star, v") == before


def test_without_its_model_a_column_is_left_to_a_notice(photos: Photos) -> None:
    photos.sql("GET THANOSQL MODEL mini AS own; " + CONVERT.replace("mini", "own") + "; DELETE MODEL own")
    photos.paint("a", seed=55)
    told = photos.told("REFRESH t")
    assert told[0] == "1 changed in t; 3 kept"
    assert "CONVERT USING own OPTIONS(image_col='image_path', result_col='v') AS SELECT * FROM t" in told[1]
    assert photos.rows("star, v IS NULL") == [(1, True), (2, False), (3, False), (4, False)]


def test_other_weights_do_not_touch_the_column(embedded: Photos) -> None:
    before = embedded.rows("v")
    embedded.encoder = PixelEncoder(seed=1)
    embedded.paint("e")
    told = embedded.told("REFRESH t")
    assert told[0] == "1 added in t; 4 kept"
    assert "CONVERT USING mini" in told[1]
    assert embedded.rows("v") == [*before, (None,)]


def test_an_interrupt_keeps_rows_and_what_was_embedded(
    embedded: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded.paint(*(f"n{number}" for number in range(40)))

    def stop(encoder: PixelEncoder) -> None:
        raise Interrupted

    monkeypatch.setattr("thanosql_kernel.engine.embed.embedding.FLUSH_AFTER_S", 0.0)
    embedded.encoder = PixelEncoder(
        after_batch=lambda encoder: stop(encoder) if encoder.pictures > 16 else None
    )
    with pytest.raises(KeyboardInterrupt):
        embedded.sql("REFRESH t")
    assert len(embedded.rows()) == 44
    embedded.encoder = PixelEncoder()
    told = embedded.told("REFRESH t")
    assert told[0] == "nothing new in t; 44 kept"
    (embedded_now,) = told[1:]
    assert 0 < int(embedded_now.split()[0]) <= 24
    assert embedded.rows("count(v)") == [(44,)]


def test_what_others_change_meanwhile_is_not_lost(photos: Photos, monkeypatch: pytest.MonkeyPatch) -> None:
    photos.paint("e")
    other, plan, done = photos.connect(), refresh.Planning.plan, []

    def planning(self):
        made = plan(self)
        if not done:
            done.append(other.sql("INSERT INTO t (image_path, star) VALUES (NULL, 50)"))
        return made

    monkeypatch.setattr(refresh.Planning, "plan", planning)
    assert photos.told("REFRESH t")[0] == "1 added in t; 5 kept"
    assert photos.rows() == [*STARS, (None, 50), ("photos/e.png", None)]
    other.close()


def test_copy_with_refresh_goes_the_same_way(photos: Photos) -> None:
    photos.photos.joinpath("a.png").rename(photos.photos / "z.png")
    told = photos.told("COPY t OPTIONS(if_exists='refresh') FROM 'photos'")
    assert told == ["1 renamed in t; 3 kept"]
    assert photos.rows()[0] == ("photos/z.png", 1)


def test_films_follow_live_photos(photos: Photos) -> None:
    (photos.photos / "a.jpg").write_bytes((photos.photos / "a.png").read_bytes())
    photos.told("REFRESH t")
    (photos.photos / "a.mov").write_bytes(b"film")
    assert photos.told("REFRESH t")[0] == "1 changed in t; 4 kept"
    assert photos.rows("motion_path")[-1] == ("photos/a.mov",)
    (photos.photos / "a.mov").unlink()
    photos.told("REFRESH t")
    assert photos.rows("motion_path")[-1] == (None,)


def test_a_folder_that_is_none_says_which_there_is(photos: Photos) -> None:
    with pytest.raises(DataError) as caught:
        photos.sql("REFRESH t FROM 'photo'")
    assert "photos" in str(caught.value.hint)
