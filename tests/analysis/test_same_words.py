"""A mistake is told in the same words, with the same code and at the same place, by the editor and by the run."""

from __future__ import annotations

import pytest

from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.wording import LANGUAGES, set_language

SETUP = """
CREATE TABLE photos AS SELECT * FROM (VALUES
    (1, 'a.jpg', 'cat', 0.5::DOUBLE, {'x': 1, 'y': 'k'}, DATE '2024-01-02'),
    (2, 'b.jpg', 'dog', 0.25::DOUBLE, {'x': 2, 'y': 'l'}, NULL)) AS t(id, image_path, label, price, st, day);
CREATE TABLE 사진 AS SELECT 1 AS 번호, '고양이' AS 이름;
CREATE TABLE labels AS SELECT 1 AS id, 'cat' AS label, 2 AS rank;
CREATE TABLE notes AS SELECT 'a cat' AS text, 1 AS n;
CONVERT USING mini OPTIONS(text_col='text', table_name='notes') AS SELECT * FROM notes;
"""

MISTAKES = {
    # names of tables, columns, models
    "SELECT * FROM photoz": "TS201",
    "SELECT pricee FROM photos": "TS202",
    "SELECT p.pricee FROM photos p": "TS202",
    "SELECT q.price FROM photos p": "TS201",
    "SELECT 이릉 FROM 사진": "TS202",
    "SELECT id, nothing_like_it FROM photos WHERE price > 1": "TS202",
    "SELECT count(*) FROM photos WHERE labl = 'cat'": "TS202",
    "SELECT * FROM photos ORDER BY priec": "TS202",
    "SELECT x FROM (SELECT id FROM photos) s": "TS202",
    "WITH w AS (SELECT id FROM photos) SELECT label FROM w": "TS202",
    "SELECT * EXCLUDE (labell) FROM photos": "TS202",
    "SELECT * FROM photos JOIN labels USING (rank)": "TS202",
    'SELECT * FROM photos WHERE label = "cat"': "TS202",
    "SELECT st.z FROM photos": "TS202",
    "SELECT id": "TS105",
    "SELECT *": "TS100",
    "SELECT st['z'] FROM photos": "TS202",
    "SELECT rowid FROM photos": "TS202",
    "SELECT p.rowid FROM photos p": "TS202",
    "SELECT id, (SELECT l.rnk FROM labels l WHERE l.id = p.id) FROM photos p": "TS202",
    "SELECT * FROM photos WHERE EXISTS (FROM labels WHERE labels.labl = photos.label)": "TS202",
    "DELETE FROM photos WHERE EXISTS (SELECT 1 FROM labels WHERE labels.labl = photos.label)": "TS202",
    "SELECT * FROM photos p ANTI JOIN labels l ON l.idd = p.id": "TS202",
    "SELECT l.id FROM photos p ANTI JOIN labels l ON l.id = p.id": "TS201",
    "SELECT * FROM query_table('labels')": "TS201",
    "SELECT * FROM photoz TABLESAMPLE reservoir(2 ROWS)": "TS201",
    "CREATE TABLE 새표 (a nope)": "TS300",
    "CREATE TABLE 새표 (a DECIMAL(50, 2))": "TS300",
    "ALTER TABLE photos ADD COLUMN z nope": "TS300",
    "ALTER TABLE photos ALTER COLUMN id TYPE nope": "TS300",
    "CONVERT USING mini OPTIONS(text_col='id') AS SELECT * FROM photos": "TS300",
    "CONVERT USING mini AS SELECT id AS image_path FROM photos": "TS300",
    "PREDICT USING mini OPTIONS(labels=['a'], image_col='id') AS SELECT * FROM photos": "TS300",
    "SELECT * FROM 'photos'": "TS201",
    "SELECT * FROM 'no such table'": "TS201",
    "SELECT * FROM 'a.csv'": "TS105",
    'SELECT * FROM "a.csv"': "TS105",
    "SELECT * FROM photos JOIN 'a.parquet' p USING (id)": "TS105",
    "CREATE TABLE 새표 AS FROM 'a.csv'": "TS105",
    "INSERT INTO labels FROM 'a.csv'": "TS105",
    "SELECT id FROM photos WHERE id IN (SELECT id FROM '*.json')": "TS105",
    "SUMMARIZE photoz": "TS201",
    "PIVOT photoz ON label USING sum(price)": "TS201",
    "PIVOT photos ON labl USING sum(price)": "TS202",
    "PIVOT photos ON label USING sum(pric) GROUP BY day": "TS202",
    "SELECT * FROM (PIVOT photos ON label USING summ(price))": "TS105",
    "WITH p AS (PIVOT photos ON label, id USING sum(label)) FROM p": "TS300",
    "DESCRIBE photoz": "TS201",
    "DROP TABLE photoz": "TS201",
    "VACUUM photoz": "TS201",
    "SHOW VERSIONS photoz": "TS201",
    "RESTORE photoz TO VERSION 1": "TS201",
    "DELETE MODEL minii": "TS200",
    "CONVERT USING minii AS SELECT * FROM photos": "TS200",
    "SEARCH IMAGE text='a' USING minii AS SELECT * FROM photos": "TS200",
    "EXPORT photoz TO 'a.csv'": "TS201",
    "EXPORT SELECT pricee FROM photos TO 'a.csv'": "TS202",
    # what functions, types and clauses take
    "SELECT lenght(label) FROM photos": "TS105",
    "SELECT label FROM photos, labels": "TS105",
    "SELECT label, count(*) FROM photos": "TS105",
    "SELECT upper(label) * (id + 1) FROM photos": "TS300",
    "SELECT label.x FROM photos": "TS105",
    "SELECT id, st.y, count(*) FROM photos GROUP BY id": "TS105",
    "SELECT row_to_json(), id FROM photos": "TS105",
    "SELECT id, table_name FROM labels, duckdb_tables()": "TS600",
    "UPDATE photos SET price = sum(price)": "TS105",
    "INSERT INTO labels VALUES (1, lenght('a'), 2), (2, 'x', DATE '2024-01-01')": "TS105",
    "SELECT label + 1 FROM photos": "TS300",
    "SELECT sum(label) FROM photos": "TS300",
    "SELECT substring(label) FROM photos": "TS300",
    "SELECT id FROM photos WHERE count(*) > 1": "TS105",
    "SELECT (SELECT id, label FROM photos)": "TS105",
    "SELECT id FROM photos UNION SELECT id, label FROM photos": "TS105",
    "SELECT row_number() FROM photos": "TS105",
    "SELECT id FROM photos WHERE id IN (SELECT id, label FROM labels)": "TS105",
    "SELECT * FROM photos WHERE day > 'x' AND lower(1, 2) = 'a'": "TS300",
    # grammar
    "SELECT * FORM photos": "TS105",
    "SELECT id FROM photos WHERE": "TS100",
    "SELECT id,, label FROM photos": "TS105",
    "SELECT id FROM photos GROUP id": "TS105",
    "SELECT (id FROM photos": "TS100",
    "COPY 새표 FRM 'a.csv'": "TS100",
    "CONVERT mini AS SELECT * FROM photos": "TS100",
    "SELCT 1": "TS100",
    # what is there already
    "CREATE TABLE photos AS SELECT 1 AS a": "TS204",
    "COPY photos FROM 'a.csv'": "TS204",
    "ALTER TABLE photos RENAME TO labels": "TS204",
    "ALTER TABLE photos ADD COLUMN label VARCHAR": "TS204",
    "ALTER TABLE photos RENAME COLUMN label TO price": "TS204",
    # columns of the table that is changed
    "ALTER TABLE photos DROP COLUMN labell": "TS202",
    "ALTER TABLE photos ADD COLUMN c INTEGR(": "TS105",
    "INSERT INTO photos (id, labl) VALUES (1, 'x')": "TS202",
    "INSERT INTO labels VALUES (1, 'x')": "TS300",
    "INSERT INTO labels SELECT id FROM photos": "TS300",
    "INSERT INTO photos (id, id) VALUES (1, 2)": "TS104",
    "INSERT INTO nowhere VALUES (1)": "TS201",
    "UPDATE photos SET labl = 'x'": "TS202",
    "UPDATE photos SET label = upperr(label)": "TS105",
    "UPDATE photos SET label = 'x' WHERE priec > 1": "TS202",
    "UPDATE photos SET label = 'x', label = 'y'": "TS104",
    "DELETE FROM photos WHERE labl = 'x'": "TS202",
    "DELETE FROM photos WHERE SELECT true": "TS105",
    "DELETE FROM nowhere": "TS201",
    # options and models
    "CONVERT USING mini OPTIONS(image_cl='image_path') AS SELECT * FROM photos": "TS102",
    "CONVERT USING mini OPTIONS(batch_size='x') AS SELECT * FROM photos": "TS103",
    "CONVERT USING mini OPTIONS(image_col='image_pth') AS SELECT * FROM photos": "TS202",
    "CONVERT USING mini OPTIONS(text_col='x') AS SELECT id FROM photos": "TS202",
    "CONVERT USING mini AS SELECT id FROM photos": "TS202",
    "CONVERT USING mini OPTIONS(audio_col='a') AS SELECT * FROM photos": "TS600",
    "CONVERT USING mini OPTIONS(image_col='image_path' batch_size=4) AS SELECT * FROM photos": "TS107",
    "SEARCH IMAGE USING mini AS SELECT * FROM photos": "TS100",
    "SEARCH IMAGE text='' USING mini AS SELECT * FROM photos": "TS103",
    "SEARCH IMAGE text='a' USING mini AS SELECT * FROM photos": "TS402",
    "SEARCH TEXT text='a' USING mini AS SELECT text, n FROM notes": "TS402",
    "SEARCH TEXT text='a' USING mini OPTIONS(emb_col='clipmini') AS SELECT * FROM notes": "TS202",
    "SEARCH TEXT text='a' USING mini OPTIONS(emb_col='n') AS SELECT * FROM notes": "TS300",
    "SEARCH TEXT text='a' USING clip OPTIONS(emb_col='mini_clipmini') AS SELECT * FROM notes": "TS401",
    "SEARCH AUDIO text='a' USING mini AS SELECT * FROM photos": "TS600",
    "SELECT mini_clipmini_similarity3 FROM (SEARCH TEXT text='a' USING mini AS SELECT * FROM notes)": "TS202",
    "SELECT * FROM (SEARCH TEXT text='a' USING mini AS SELECT * FROM notez)": "TS201",
    "PRINT IMAGE AS SELECT id FROM photos": "TS202",
    "PRINT IMAGE OPTIONS(image_col='id') AS SELECT * FROM photos": "TS300",
    "PRINT IMAGE OPTIONS(image_col='pth') AS SELECT * FROM photos": "TS202",
    "PRINT AUDIO OPTIONS(format='widget') AS SELECT * FROM photos": "TS600",
    "GET THANOSQL MODEL klip": "TS600",
    "GET THANOSQL MODEL 'klip'": "TS600",
    "GET THANOSQL MODEL 'owner/name'": "TS100",
    "GET THANOSQL MODEL clip AS mini": "TS205",
    "UPLOAD MODEL m FROM 'weights.bin'": "TS601",
    "EXPORT photos TO 'a.docx'": "TS600",
    "EXPORT photos TO 'a.csv' OPTIONS(image_col='pth')": "TS202",
    "SET display.rowss = 5": "TS102",
    "SET display.rows = 'many'": "TS103",
    "HELP CONVRT": "TS207",
    "COPY t OPTIONS(if_exists='append', overwrite=True) FROM 'a.csv'": "TS104",
    "BUILD MODEL m USING SimCLR OPTIONS(image_col='none') AS SELECT * FROM photos": "TS202",
    "BUILD MODEL m USING SimCRL AS SELECT * FROM photos": "TS404",
    "BUILD MODEL m USING AutomlClassifier AS SELECT * FROM photos": "TS600",
    "BUILD MODEL m USING mini AS SELECT * FROM photos": "TS404",
    "BUILD MODEL mini USING SimCLR AS SELECT * FROM photos": "TS205",
    "BUILD MODEL m USING SimCLR OPTIONS(vectors_of='minni') AS SELECT * FROM photos": "TS200",
    "FIT MODEL m USING SimCLR AS SELECT * FROM photos": "TS404",
    "EVALUATE USING mini OPTIONS(label_col='none') AS SELECT * FROM photos": "TS202",
    "EXPORT MODEL mini TO 'folder'": "TS404",
}


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    folder = tmp_path_factory.mktemp("words")
    with_mistakes = Session(folder / "db", working_folder=folder)
    with_mistakes.run(SETUP, emit=lambda result: None)
    yield with_mistakes
    with_mistakes.close()


def said_by_run(session: Session, cell: str) -> ThanoSQLError:
    with pytest.raises(ThanoSQLError) as caught:
        session.run(cell, emit=lambda result: None)
    return caught.value


@pytest.fixture
def speak():
    yield set_language
    set_language("en")


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("cell", MISTAKES)
def test_editor_and_run_say_the_same(session, speak, cell, spoken):
    speak(spoken)
    error = said_by_run(session, cell)
    found = diagnose(Document(cell, session.catalog, folder=session.working_folder))
    assert found, error.render(cell)
    first = found[0]
    assert (error.code, first.code) == (MISTAKES[cell], MISTAKES[cell])
    assert (first.message, first.hint) == (error.message, error.hint)
    span = error.span
    assert span is not None
    if span.start < span.end:
        assert cell[slice(*first.span)] == cell[slice(*span)]


def test_there_are_enough_of_them_for_every_statement():
    assert len(MISTAKES) >= 60
