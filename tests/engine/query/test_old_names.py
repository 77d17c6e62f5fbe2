"""Names of earlier generations: each gives the rows that the column's own name gives, and hides nothing that there is."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))
from embed_world import PixelEncoder, age, write_picture
from hunts import rounds

from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.catalog import Column, GeneratedColumn, Similarity, Weights, old_names
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.models import registry

COUNT = 9
OLD = "SEARCH IMAGE text='가' USING mini AS SELECT * FROM {}"
NEW = "SEARCH IMAGE USING mini OPTIONS(search_input='가', top_k=None) AS SELECT * FROM {}"
NAMED = (
    "SEARCH IMAGE USING mini OPTIONS(search_input='가', result_col='이름', top_k=None) AS SELECT * FROM {}"
)
TWO = "SEARCH IMAGE texts=['가', '나'] USING mini AS SELECT * FROM {}"
SINGLE = "score search_result Query1_Score similarity_image1 search_result1 mini_clipmini_similarity1".split()
SECOND = "search_result2 query2_score similarity_image2".split()
#: A statement, the name of its column, and the names that this has had.
FORMS = (
    (OLD, "mini_clipmini_similarity1", SINGLE),
    (NEW, "search_result", SINGLE),
    (NAMED, "이름", SINGLE),
    (TWO, "mini_clipmini_similarity2", SECOND),
)
TABLES = ("photos", "scored")


@pytest.fixture
def pictures(world, monkeypatch):
    """Tables photos(id, image_path), scored with a column ``score`` of its own, labels(id, score, predicted)."""
    monkeypatch.setattr(registry, "load", lambda model, **settings: PixelEncoder())
    for number in range(COUNT):
        age(write_picture(world.folder / f"p{number}.png", seed=number))
    world.run(
        f"""CREATE TABLE photos AS SELECT id, 'p' || id || '.png' AS image_path FROM range({COUNT}) AS r(id);
        CREATE TABLE labels AS SELECT id * 2 AS id, id / 10 AS score, 'x' AS predicted FROM range(7) AS r(id);
        CREATE TABLE scored AS SELECT *, 100 - id AS score FROM photos;
        CONVERT USING mini AS SELECT * FROM photos; CONVERT USING mini AS SELECT * FROM scored"""
    )
    return world


# -- what it is for ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("form", "own", "names"), FORMS, ids=["1.0", "1.5", "named", "two"])
def test_each_old_name_is_the_column_in_every_clause(pictures, form, own, names):
    search = form.format("photos")
    text = "SELECT id, {0}, round({0}, 2) AS r, rank() OVER (ORDER BY {0}) FROM ({1}) AS s WHERE s.{0} > -0.5 ORDER BY {0}"
    expected = [tuple(row.values()) for row in pictures.rows(text.format(own, search))]
    assert len(expected) > 3
    for name in names:
        rows = pictures.rows(text.format(name, search))
        assert [tuple(row.values()) for row in rows] == expected
        assert list(rows[0])[1] == name


@pytest.mark.parametrize(("form", "own", "names"), FORMS, ids=["1.0", "1.5", "named", "two"])
def test_an_old_name_may_be_given_to_itself(pictures, form, own, names):
    text = "SELECT id, {0} AS {0} FROM ({1}) AS s WHERE {0} > -0.5 ORDER BY {0} DESC LIMIT 5"
    expected = [tuple(row.values()) for row in pictures.rows(text.format(own, form.format("photos")))]
    for name in names:
        rows = pictures.rows(text.format(name, form.format("photos")))
        assert [tuple(row.values()) for row in rows] == expected
        assert list(rows[0])[1] == name


def test_the_files_of_a_folder_have_their_old_name(pictures):
    (pictures.folder / "album").mkdir()
    for number in range(3):
        age(write_picture(pictures.folder / "album" / f"{number}.png", seed=number))
    pictures.run("CREATE TABLE album USING mini OPTIONS(data_type='image', file_type=['.png']) FROM 'album'")
    own = pictures.rows("SELECT image_path AS image FROM album ORDER BY image_path")
    assert len(own) == 3
    for text in (
        "SELECT image FROM album ORDER BY image",
        "SELECT image AS image FROM album ORDER BY image",
        "SELECT a.image FROM album AS a ORDER BY 1",
        "SELECT image AS image FROM (SEARCH IMAGE text='가' USING mini AS SELECT * FROM album) ORDER BY image",
    ):
        assert pictures.rows(text) == own, text
    shown = pictures.run("PRINT IMAGE AS SELECT image AS image FROM album")[-1]
    assert len(shown.items) == 3
    assert pictures.fail("SELECT image FROM album JOIN photos ON true").code == "TS202"
    assert pictures.fail("SELECT video FROM album").code == "TS202"
    assert pictures.rows("SELECT image FROM (SELECT 1 AS image, image_path FROM album LIMIT 1)") == [
        {"image": 1}
    ]


def test_what_convert_and_predict_add_has_its_old_names(pictures):
    assert pictures.rows("SELECT count(convert_result) AS n FROM photos") == [{"n": COUNT}]
    convert = "CONVERT USING mini OPTIONS(result_col='벡터') AS SELECT id, image_path FROM photos"
    assert pictures.rows(f"SELECT count(mini_clipmini) AS n FROM ({convert})") == [{"n": COUNT}]
    predict = "PREDICT USING mini OPTIONS(labels=['a', 'b'], result_col='라벨') AS SELECT * FROM photos"
    own = pictures.rows(f"SELECT id FROM ({predict}) WHERE 라벨 = 'a'")
    assert pictures.rows(f"SELECT B.id FROM ({predict}) B WHERE B.predicted = 'a'") == own
    assert pictures.rows(f"SELECT id FROM (SELECT * FROM ({predict})) WHERE predict_result = 'a'") == own


def test_what_is_stored_keeps_its_old_names(pictures):
    pictures.run(
        f"CREATE TABLE found AS {NEW.format('photos')}; CREATE VIEW 본것 AS SELECT id, score AS s FROM found"
    )
    own = pictures.rows("SELECT search_result AS s FROM found ORDER BY id")
    assert pictures.rows("SELECT query1_score AS s FROM found ORDER BY id") == own
    assert pictures.rows("SELECT s FROM 본것 ORDER BY id") == own


def test_an_embedding_column_may_be_given_by_its_old_name(pictures):
    own = pictures.rows(OLD.format("photos"))
    named = "SEARCH IMAGE text='가' USING mini OPTIONS(emb_col='convert_result') AS SELECT * FROM {}"
    assert pictures.rows(named.format("photos")) == own
    pictures.run("CONVERT USING mini OPTIONS(result_col='둘째') AS SELECT * FROM photos")
    error = pictures.fail(named.format("photos"))
    assert error.code == "TS402"
    assert "mini_clipmini, 둘째" in error.message


def test_two_columns_that_a_name_can_mean_are_told(pictures):
    cell = f"SELECT id, score FROM ({TWO.format('photos')})"
    error = pictures.fail(cell)
    assert (error.code, cell[slice(*error.span)]) == ("TS202", "score")
    assert "mini_clipmini_similarity1, mini_clipmini_similarity2" in error.message
    one = OLD.format("photos")
    joined = f"SELECT a.id FROM ({one}) a JOIN ({one}) b USING (id) WHERE score > 0"
    assert "a.mini_clipmini_similarity1, b.mini_clipmini_similarity1" in pictures.fail(joined).message
    assert [found.code for found in diagnose(Document(cell, pictures.session.catalog))] == ["TS202"]


def test_what_is_wrong_behind_old_names_has_its_own_place(pictures):
    cell = f"SELECT score, 없음 FROM ({OLD.format('photos')}) WHERE query1_score > 0"
    error = pictures.fail(cell)
    assert (error.code, cell[slice(*error.span)]) == ("TS202", "없음")
    failing = f"SELECT score, CAST('x' || score AS INTEGER) FROM ({OLD.format('photos')})"
    error = pictures.fail(failing)
    assert failing[slice(*error.span)] in failing[failing.index("CAST") :]


def test_a_misspelt_base_is_that_base_whatever_model_it_is_said_of():
    made = GeneratedColumn("m", "simclr", "image", "image_path", Weights("simclr", "", ""), 4)
    column = Column("m_simclr", "FLOAT[4]", made)
    assert old_names.meant("other_SINCLR", [column]) == (column,)
    assert old_names.meant("other_simclr", [column]) == ()
    assert old_names.is_among("any_sinclr_similarity2", old_names.of_similarity(2, "m", "simclr"))
    assert not old_names.is_among("any_sinclr_similarity2", old_names.of_similarity(1, "m", "simclr"))
    assert not old_names.is_among("any_clipen_similarity1", old_names.of_similarity(1, "m", "clipen"))


def test_a_column_that_has_the_name_is_meant_and_no_other():
    column = Column("search_result", "FLOAT", similarity=Similarity("mini", "image", "text"))
    assert old_names.meant("score", [column, Column("Score", "DOUBLE")]) == ()
    assert old_names.meant("query2_score", [column]) == ()


# -- random queries ------------------------------------------------------------------------------------------
class Queries:
    """Makes queries whose one name may be that of a column, an alias, another relation's column, or an old one."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def make(self) -> tuple[str, str, str, str]:
        """A query with places for a name and for its rows; the statement for these, its column's name and an old one."""
        form, own, names = self._random.choice(FORMS)
        query = self._wrapped(self._core(self._relation("({search})")))
        statement = form.format(self._random.choice(TABLES))
        return query, statement, own, self._random.choice([*names, "score"])

    def _relation(self, rows: str) -> str:
        chosen = self._random.randrange(7)
        if chosen == 0:
            rows = f"(SELECT * FROM {rows} AS q)"
        elif chosen == 1:
            rows = f"(SELECT id, {{name}} FROM {rows} AS q)"
        elif chosen == 2:
            rows = f"(SELECT *, id AS other FROM {rows} AS q WHERE {{name}} < 0.9)"
        elif chosen == 3:
            rows = f"(SELECT id, -id AS {{name}} FROM {rows} AS q)"
        alias = self._random.choice(["s", "사진", "score"])
        joins = [
            "",
            "",
            f" JOIN labels AS l ON l.id = {alias}.id",
            f" LEFT JOIN labels AS l ON l.id = {alias}.id AND {{name}} > -2",
            f" JOIN photos AS p ON p.id = {alias}.id",
        ]
        return f"{rows} AS {alias}{self._random.choice(joins)}"

    def _core(self, relation: str) -> str:
        item = self._random.choice(
            [
                "{name}",
                "{name}, {name} AS b",
                "1 - {name} AS score",
                "{name} AS {name}_",
                "{name} AS {name}",
                "{name} AS {name}, id",
                "max({name}) OVER () AS m",
                "(SELECT count(*) FROM labels AS k WHERE k.id > {name}) AS c",
                "(SELECT max(score) FROM labels) AS c, {name}",
                "2 AS n",
            ]
        )
        where = self._random.choice(
            [
                "",
                "",
                "WHERE {name} > -0.3",
                "WHERE EXISTS (FROM labels AS k WHERE k.id = {name} OR {name} < 1)",
            ]
        )
        order = self._random.choice(["", "ORDER BY {name}", "ORDER BY {name} DESC, 1"])
        return f"SELECT {item} FROM {relation} {where} {order}"

    def _wrapped(self, core: str) -> str:
        return self._random.choice(
            [
                core,
                core,
                f"WITH w AS ({core}) FROM w",
                f"SELECT * FROM ({core}) AS outside",
                f"SELECT count(*), min({{name}}) FROM ({core}) AS outside",
                f"({core}) UNION ALL ({core})",
            ]
        )


class Plain:
    """The rows of the statements as plain tables in DuckDB, where no name is old."""

    def __init__(self, pictures) -> None:
        self._pictures = pictures
        self._tables: dict[str, str] = {}
        self._duck = duckdb.connect()
        for table in ("photos", "scored", "labels"):
            self._put(table, f"SELECT * FROM {table}")

    def _put(self, name: str, cell: str) -> None:
        self._duck.register(f"{name}_", self._pictures.run(cell)[-1].rows)
        self._duck.execute(f"CREATE TABLE {name} AS FROM {name}_")

    def rows(self, query: str, statement: str) -> list[tuple] | None:
        """What a query gives over the rows of a statement; None where it is not valid."""
        if statement not in self._tables:
            self._tables[statement] = f"t{len(self._tables)}"
            self._put(self._tables[statement], f"SELECT * EXCLUDE (mini_clipmini) FROM ({statement})")
        try:
            return self._duck.sql(query.replace("{search}", f"FROM {self._tables[statement]}")).fetchall()
        except duckdb.Error:
            return None


def _values(world, cell: str) -> list[tuple] | None:
    try:
        return [tuple(row.values()) for row in world.rows(cell)]
    except ThanoSQLError:
        return None


def _sorted(rows: list[tuple] | None) -> list[tuple] | None:
    """Without vectors, in one order: an alias that is no column's name is the row, which holds them."""
    if rows is None:
        return None
    return sorted((tuple(_without_vectors(value) for value in row) for row in rows), key=repr)


def _without_vectors(value: object) -> object:
    if isinstance(value, dict):
        return {name: inner for name, inner in value.items() if name != "mini_clipmini"}
    return value


@pytest.mark.hunt
@pytest.mark.parametrize("seed", range(rounds(6, 60)))
def test_random_queries_give_what_the_columns_own_name_gives_and_hide_nothing(pictures, seed: int):
    plain, made, resolved = Plain(pictures), Queries(seed), 0
    for _ in range(25):
        query, statement, own, name = made.make()
        cell = query.replace("{search}", statement).replace("{name}", name)
        given = _values(pictures, cell)
        there = plain.rows(query.replace("{name}", name), statement)
        if there is not None:
            assert _sorted(given) == _sorted(there), cell
            continue
        written = _values(pictures, query.replace("{search}", statement).replace("{name}", own))
        assert given is None or _sorted(given) == _sorted(written), cell
        resolved += given is not None
        problems = [found.code for found in diagnose(Document(cell, pictures.session.catalog))]
        assert bool(problems) == (given is None), (cell, problems)
    assert resolved
