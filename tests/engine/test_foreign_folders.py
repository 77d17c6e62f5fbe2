"""Photos that may only be read, and a database of somebody else's: read as any, and told where they cannot be written."""

from __future__ import annotations

import os

import pytest
from PIL import Image

from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import DataError

_SOMEBODY = 12_345


@pytest.mark.unprivileged
def test_photos_in_a_folder_that_may_only_be_read_are_found_and_left_alone(world) -> None:
    folder = world.folder / "사진"
    folder.mkdir()
    for number in range(3):
        Image.new("RGB", (24, 24), (100 * number, 0, 0)).save(folder / f"{number}.png")
    folder.chmod(0o555)
    try:
        world.run("COPY p FROM '사진'")
        world.run("CONVERT USING mini OPTIONS(table_name='p') AS SELECT * FROM p")
        found = world.rows("SEARCH IMAGE text='red' USING mini AS SELECT * FROM p")
        assert len(found) == 3
        world.run("PRINT IMAGE AS SELECT * FROM p")
        world.run("EXPORT p TO 'out/'")
        world.run("REFRESH p")
        assert world.fail("EXPORT p TO '사진/p.csv'").code == "TS504"
        assert sorted(os.listdir(folder)) == ["0.png", "1.png", "2.png"]
    finally:
        folder.chmod(0o755)


@pytest.mark.unprivileged
def test_a_database_of_somebody_else_is_read_and_says_that_it_cannot_be_written(world) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder to somebody else: run it as root")
    world.run("CREATE TABLE t AS SELECT range AS n FROM range(10)")
    world.session.close()
    for place, folders, files in os.walk(world.folder / "db"):
        for name in (".", *folders, *files):
            os.chown(os.path.join(place, name), _SOMEBODY, _SOMEBODY)
    with_other = Session(world.folder / "db", working_folder=world.folder)
    results: list[object] = []
    with_other.run("SELECT sum(n) AS s FROM t", emit=results.append)
    assert results[-1].rows.to_pylist() == [{"s": 45}]
    for change in ("INSERT INTO t VALUES (1)", "CREATE TABLE u AS SELECT 1 AS n", "DROP TABLE t"):
        with pytest.raises(DataError) as caught:
            with_other.run(change, emit=print)
        assert caught.value.code == "TS504"
    with_other.run("SELECT sum(n) AS s FROM t", emit=results.append)
    assert results[-1].rows.to_pylist() == [{"s": 45}]
    with_other.close()


@pytest.mark.unprivileged
def test_a_catalogue_that_may_not_be_read_is_an_error_and_is_not_begun_anew(world) -> None:
    world.run("CREATE TABLE t AS SELECT 1 AS n; CREATE VIEW w AS SELECT n FROM t")
    world.session.close()
    catalogue = world.folder / "db" / "_thanosql" / "catalog.json"
    before = catalogue.read_bytes()
    catalogue.chmod(0o000)
    opened = Session(world.folder / "db", working_folder=world.folder)
    for cell in ("SELECT * FROM t", "CREATE TABLE u AS SELECT 1 AS n"):
        with pytest.raises(DataError) as caught:
            opened.run(cell, emit=print)
        assert caught.value.code == "TS501"
    opened.close()
    catalogue.chmod(0o600)
    assert catalogue.read_bytes() == before


def test_who_may_read_the_database_may_read_its_catalogue(world) -> None:
    home = world.folder / "db" / "_thanosql"
    for mode in (0o700, 0o755, 0o775):
        world.run("CREATE OR REPLACE TABLE t AS SELECT 1 AS n")
        home.chmod(mode)
        world.run("DROP TABLE t")
        assert (home / "catalog.json").stat().st_mode & 0o777 == mode & 0o666
