"""Tokens: lossless, linear, in the right kinds."""

import sqlparse
from hypothesis import given
from hypothesis import strategies as st

from thanosql_kernel.sql.lexer import read_tokens, significant, tokenize
from thanosql_kernel.sql.literals import unquote

SQL_TEXT = st.text(
    alphabet=st.sampled_from(list("ab가나_ \n\t'\"()[],;=-/*#$1.5eE%!<>|:\\😀\u2028")), max_size=80
)


@given(SQL_TEXT)
def test_tokens_join_to_the_source(text):
    tokens = tokenize(text)
    assert "".join(token.text for token in tokens) == text
    assert all(text[token.start : token.end] == token.text for token in tokens)


@given(st.text(max_size=60))
def test_any_text_has_tokens(text):
    assert "".join(token.text for token in tokenize(text)) == text


def kinds(text):
    return [(token.kind, token.text) for token in significant(tokenize(text))]


def test_strings_names_and_comments_are_told_apart():
    assert kinds("""'it''s' "내 표" $$a'b$$ -- 'c'\n/* "d" */ e""") == [
        ("string", "'it''s'"),
        ("quoted", '"내 표"'),
        ("string", "$$a'b$$"),
        ("word", "e"),
    ]


def test_comments_nest_as_duckdb_reads_them():
    assert kinds("a /* b /* c */ ; DROP TABLE t; */ d") == [("word", "a"), ("word", "d")]
    assert kinds("a /* b /* c */ d") == [("word", "a"), ("unclosed", "/* b /* c */ d")]
    assert kinds("/**/ a /*/ */ b /***/ c /* ** / */ d") == [("word", letter) for letter in "abcd"]


@given(st.text(alphabet="/* ab", max_size=60))
def test_both_ways_to_read_tokens_agree_about_comments(text):
    assert list(read_tokens(text)) == significant(tokenize(text))


def test_open_comments_in_thousands_are_read_in_no_time():
    assert kinds("/* " * 30_000)[0][0] == "unclosed"
    assert kinds("/* /* */ " * 10_000)[0][0] == "unclosed"


def test_a_byte_order_mark_is_space():
    assert kinds("\ufeffSELECT 1") == [("word", "SELECT"), ("number", "1")]


def test_a_backslash_escapes_in_a_string_behind_e():
    assert kinds(r"e E'it\'s' e'' 'a\' e") == [
        ("word", "e"),
        ("string", r"E'it\'s'"),
        ("string", "e''"),
        ("string", "'a\\'"),
        ("word", "e"),
    ]
    assert kinds("E'open\nb") == [("word", "E"), ("unclosed", "'open"), ("word", "b")]
    (token,) = tokenize(r"E'it\'s\n''가\\'")
    assert unquote(token) == "it's\n'가\\"


def test_an_unclosed_string_ends_with_its_line():
    assert kinds("a = 'open\nFROM t") == [
        ("word", "a"),
        ("symbol", "="),
        ("unclosed", "'open"),
        ("word", "FROM"),
        ("word", "t"),
    ]


def test_test_markers_are_comments_only_at_the_start_of_a_line():
    assert kinds("# NBVAL_SKIP\nSELECT 1") == [("word", "SELECT"), ("number", "1")]
    assert ("symbol", "#") in kinds("SELECT # NBVAL_SKIP")


def test_token_boundaries_agree_with_sqlparse():
    text = "SELECT a.b, 'x' AS \"y z\", 1.5 FROM 사진 WHERE n >= 3 AND s LIKE '%고양이%' -- end\nORDER BY a"
    theirs, at = set(), 0
    for token in sqlparse.parse(text)[0].flatten():
        if not token.is_whitespace:
            theirs.add(at)
        at += len(token.value)
    ours = {token.start for token in tokenize(text) if token.kind != "space"}
    # sqlparse reads "ORDER BY" as one token, so theirs may be fewer
    assert theirs <= ours
    assert ours - theirs == {text.index("BY")}
