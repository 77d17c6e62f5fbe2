"""Which cells parse, into what, and what the errors of the others say."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from statement_cases import valid_cells

from tests.hunts import one_of
from thanosql_kernel.errors import ParseError, ThanoSQLError, Unsupported
from thanosql_kernel.statements.cell import completeness, parse_cell, parse_each, parse_statement
from thanosql_kernel.statements.foresight import Unforeseen
from thanosql_kernel.statements.function import AnyFunction
from thanosql_kernel.statements.registry import documented_types
from thanosql_kernel.statements.search import Search

CASES = valid_cells()


@pytest.mark.parametrize(("kinds", "cell"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_valid_cell_holds_these_statements(kinds, cell):
    found = [statement for _, statement in parse_each(cell)]
    assert [type(statement).__name__ for statement in found] == kinds
    wrong = [
        error.render(cell)
        for statement in found
        for error in statement.all_problems(Unforeseen())
        if not isinstance(error, Unsupported)
    ]
    assert wrong == []


@pytest.mark.hunt
@pytest.mark.parametrize("cell", [case[2] for case in CASES], ids=[case[0] for case in CASES])
def test_every_prefix_and_suffix_of_a_cell_survives(cell):
    for cut in one_of(5, range(len(cell) + 1)):
        for part in (cell[:cut], cell[cut:]):
            for piece, found in parse_each(part):
                assert 0 <= piece.span.start <= piece.span.end <= len(part)
                errors = (
                    [found] if isinstance(found, ThanoSQLError) else list(found.all_problems(Unforeseen()))
                )
                for error in errors:
                    assert error.render(part).startswith(error.code)
                    if error.span is not None:
                        assert 0 <= error.span.start <= error.span.end <= len(part)
            completeness(part)


@pytest.mark.parametrize("kind", documented_types(), ids=lambda kind: kind.__name__)
def test_every_statement_documents_itself_with_an_example_that_parses(kind):
    assert kind.syntax
    assert str(kind.help).endswith(".")
    assert "<" not in str(kind.help), "Markdown takes it for a tag"
    if kind.is_supported() and kind is not AnyFunction:  # which has those of its functions
        assert isinstance(parse_statement(kind.example), kind)
        assert list(parse_statement(kind.example).all_problems(Unforeseen())) == []


@pytest.mark.parametrize(
    ("cell", "code", "marked"),
    [
        ("SELEC * FROM t", "TS100", "SELEC"),
        ("CONVERT clip AS SELECT 1", "TS100", "clip"),
        ("CONVERT USING clip WITH x", "TS100", "WITH"),
        ("CONVERT USING clip AS", "TS100", ""),
        ("CONVERT USING clip AS 5", "TS100", "5"),
        ("SEARCH PICTURE text='x' USING m AS SELECT 1", "TS100", "PICTURE"),
        ("SEARCH IMAGE USING clip AS SELECT * FROM t", "TS100", "clip"),
        ("SEARCH IMAGE text='a' image='b' USING clip AS SELECT * FROM t", "TS104", "image='b'"),
        ("SEARCH IMAGE text=' ' USING clip AS SELECT * FROM t", "TS103", "' '"),
        ("SEARCH IMAGE texts=['가', ''] USING clip AS SELECT * FROM t", "TS103", "''"),
        ("SEARCH IMAGE texts=[] USING clip AS SELECT * FROM t", "TS103", "[]"),
        ("SEARCH IMAGE text=5 USING clip AS SELECT * FROM t", "TS103", "5"),
        ("CONVERT USING clip OPTIONS(imge_col='x') AS SELECT * FROM t", "TS102", "imge_col"),
        ("CONVERT USING clip OPTIONS(batch_size='x') AS SELECT * FROM t", "TS103", "'x'"),
        ("CONVERT USING clip OPTIONS(batch_size=0) AS SELECT * FROM t", "TS103", "0"),
        ("CONVERT USING clip OPTIONS(on_error='skip') AS SELECT * FROM t", "TS103", "'skip'"),
        ("CONVERT USING clip OPTIONS(batch_size=1, batch_size=2) AS SELECT * FROM t", "TS104", "batch_size"),
        ("CONVERT USING clip OPTIONS(batch_size=1 on_error='null') AS SELECT * FROM t", "TS107", "on_error"),
        ("COPY t OPTIONS(if_exists='append', overwrite=True) FROM 'a.csv'", "TS104", "'append'"),
        ("COPY t OPTIONS(if_exists='replace' FROM 'a.csv'", "TS100", "FROM"),
        ("COPY t FROM 'a.csv", "TS101", "'a.csv"),
        ("COPY t FROM dataframe", "TS600", "dataframe"),
        ("COPY [your table] FROM 'a.csv'", "TS602", "[your table]"),
        ("UPLOAD MODEL m FROM 'weights.pth'", "TS601", "'weights.pth'"),
        ("SELECT (1", "TS100", "("),
        ("SELECT 1)", "TS100", ")"),
        ("SELECT * FROM (SEARCH IMAGE text='a' USING clip AS)", "TS100", ")"),
        ("UPDATE t SET a = 1, A = 2", "TS104", "A"),
        ("LIST TABLE t", "TS100", "t"),
        ("GET THANOSQL MODEL wav2vec2", "TS600", "wav2vec2"),
        ("!pip install x", "TS600", "!pip"),
        ("SELECT 1 /* open", "TS101", "/* open"),
        ("SELECT '열린 글", "TS101", "'열린 글"),
    ],
)
def test_an_error_marks_the_place(cell, code, marked):
    with pytest.raises(ThanoSQLError) as caught:
        parse_cell(cell)
    error = caught.value
    assert (error.code, cell[slice(*error.span)]) == (code, marked), error.render(cell)


def test_a_misspelt_word_gets_the_nearest_as_hint():
    with pytest.raises(ParseError) as caught:
        parse_cell("CONVERT USNG clip AS SELECT 1")
    assert caught.value.render("CONVERT USNG clip AS SELECT 1") == (
        "TS100: expected USING, found USNG\n"
        "   1 | CONVERT USNG clip AS SELECT 1\n"
        "               ^^^^\n"
        "hint: did you mean USING?"
    )


def test_a_caret_stands_under_wide_characters():
    cell = "SELECT 1;\nCOPY 내사진 FORM 'a.csv'"
    with pytest.raises(ParseError) as caught:
        parse_cell(cell)
    line, carets = caught.value.render(cell).splitlines()[1:3]
    assert line == "   2 | COPY 내사진 FORM 'a.csv'"
    # COPY + space + three double-width letters + space = 12 columns behind the gutter
    assert carets == " " * (7 + 12) + "^^^^"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("SELECT * FROM t", "complete"),
        ("", "complete"),
        ("SELECT", "incomplete"),
        ("SELECT *", "incomplete"),
        ("SELECT a FROM", "incomplete"),
        ("CONVERT USING clip", "incomplete"),
        ("PRINT IMAGE AS (SELECT image_path", "incomplete"),
        ("WITH a AS (SELECT 1)", "incomplete"),
        ("/* open", "incomplete"),
        ("SELECT 'open", "incomplete"),
        ("SELECT 1; COPY t", "incomplete"),
        ("SELECT a FROM t ORDER BY a NULLS", "incomplete"),
        ("SELECT a FROM t JOIN u", "incomplete"),
        ("CONVERT USING clip AS SELECT * FROM t WHERE 라벨 =", "incomplete"),
        ("DELETE FROM t WHERE", "incomplete"),
        ("SELECT a FROM t ORDER BY ALL", "complete"),
        ("SELECT {'a': [1, {'b': 2}]}", "complete"),
        ("SELECT {'a': [1", "incomplete"),
        ("FROM t", "complete"),
        ("TABLE t", "complete"),
        ("CONVERT USNG clip", "invalid"),
        ("nonsense", "invalid"),
    ],
)
def test_the_console_knows_when_to_wait_for_more(text, answer):
    assert completeness(text) == answer


def test_the_token_of_an_old_notebook_is_kept_nowhere():
    cell = "%thanosql API_TOKEN=eyJ.secret.token"
    (statement,) = parse_cell(cell)
    assert "secret" not in repr(statement)
    assert "secret" not in statement.run(None).text


@pytest.mark.parametrize(
    "line",
    [
        "%thanosql http://localhost:9000/ws",
        "%thanosql engine.thanosql.ai",
        "%load_ext thanosql",
        "%load_ext sql",
    ],
)
def test_old_connection_lines_are_answered(line):
    (statement,) = parse_cell(line)
    assert statement.run(None).text.startswith(("No server", "ThanoSQL is the language"))


def test_the_inputs_of_both_generations_mean_the_same():
    old = parse_statement("SEARCH IMAGE texts=['a', 'b'] USING clip AS SELECT * FROM t")
    new = parse_statement(
        "SEARCH IMAGE USING clip OPTIONS(search_input_type='text', search_input=['a', 'b']) AS SELECT * FROM t"
    )
    assert isinstance(old, Search)
    assert isinstance(new, Search)
    assert [(i.kind, i.value) for i in old.search_inputs()] == [
        (i.kind, i.value) for i in new.search_inputs()
    ]
    assert not old.is_ranked
    assert new.is_ranked


@pytest.mark.parametrize(
    ("text", "query", "path"),
    [
        (
            "EXPORT SELECT a FROM t WHERE a SIMILAR TO 'A.*' TO 'f.csv'",
            "SELECT a FROM t WHERE a SIMILAR TO 'A.*'",
            "f.csv",
        ),
        (
            "EXPORT SELECT a SIMILAR TO 'x' AS b FROM t TO 'f.csv'",
            "SELECT a SIMILAR TO 'x' AS b FROM t",
            "f.csv",
        ),
        ("EXPORT SELECT a FROM t WHERE a NOT SIMILAR TO 'b' OR b SIMILAR TO 'c' TO 'f/'", None, "f/"),
        ("EXPORT SELECT {'to': a} FROM t TO 'f.csv'", "SELECT {'to': a} FROM t", "f.csv"),
        ("EXPORT SELECT (a SIMILAR TO 'x') FROM t TO 'f.csv' OPTIONS(overwrite=True)", None, "f.csv"),
        (
            "EXPORT SEARCH IMAGE text='to' USING m AS SELECT * FROM t WHERE a SIMILAR TO 'x' TO 'f.csv'",
            "SEARCH IMAGE text='to' USING m AS SELECT * FROM t WHERE a SIMILAR TO 'x'",
            "f.csv",
        ),
        ("EXPORT TABLE t TO 'f.csv'", "TABLE t", "f.csv"),
        ("EXPORT PIVOT t ON a TO 'f.csv'", "PIVOT t ON a", "f.csv"),
    ],
)
def test_an_export_ends_its_query_where_that_is_whole(text, query, path):
    statement = parse_statement(text)
    assert statement.query.text == (query or text[len("EXPORT ") : text.rindex(" TO ")])
    assert statement.path.text == path


@pytest.mark.parametrize(
    "query",
    ["PIVOT t ON a USING sum(b)", "SUMMARIZE t", "DESCRIBE t", "SHOW TABLES", "TABLE t", "UNPIVOT t ON a"],
)
def test_whatever_begins_a_query_is_one_behind_as(query):
    assert parse_statement(f"CREATE TABLE x AS {query}").query.text == query
    assert parse_statement(f"CONVERT USING m AS {query}").query.text == query


def test_braces_hold_what_is_in_them_together():
    statement = parse_statement("UPDATE t SET s = {'x': 5, 'y': {'z': [6, 7]}}, b = 2 WHERE c = {'where': 1}")
    assert [column.text for column in statement.columns] == ["s", "b"]
    assert [value.text for value in statement.values] == ["{'x': 5, 'y': {'z': [6, 7]}}", "2"]
    assert statement.where.text == "c = {'where': 1}"


def test_a_brace_left_open_is_marked():
    with pytest.raises(ThanoSQLError) as caught:
        parse_cell("SELECT {'a': 1 FROM t")
    assert "SELECT {'a': 1 FROM t"[slice(*caught.value.span)] == "{"
