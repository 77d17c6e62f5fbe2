"""Tokens: lossless, linear, in the right kinds."""

import re
import sys
import unicodedata
from pathlib import Path

import duckdb
import pytest
import sqlparse
from hypothesis import given
from hypothesis import strategies as st

from thanosql_kernel.sql.identifiers import is_plain
from thanosql_kernel.sql.lexer import read_tokens, significant, tokenize
from thanosql_kernel.sql.literals import number, unquote
from thanosql_kernel.sql.word_marks import UNICODE, WORD_MARKS

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import word_marks

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


WORDS = [
    "사진",
    "각",  # in Jamo, as macOS writes the names of files
    "ㄱㄴ",
    "ภาพที่ดี",
    "तस्वीरें",
    "صُورَة",
    "می\u200cخواهم",
    "क्\u200dष",
    "café",
    "写真",
    "ｆｕｌｌ",
    "a$b",
    "a$",
    "a$$b$$",
    "x²",
    "_1",
    "Ⅷ",
    "𝒳",
    "ⴰⵎ",
    "a·b",
]
NO_WORDS = [
    "‘q’",
    "a，b",
    "a（b）",
    "고양이😀",
    "1a",
    "a-b",
    "a.b",
    "a\u200c",
    "\u200ca",
    "",
    "a b",
    "«a»",
    "$a",
]


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_what_unicode_says_and_duckdb_reads_the_same(word):
    assert kinds(f"SELECT 1 AS {word}, 2")[3:5] == [("word", word), ("symbol", ",")]
    assert is_plain(word)
    answer = duckdb.execute(f"SELECT {word} FROM (SELECT 7 AS {word})")
    assert (answer.fetchall(), answer.description[0][0]) == ([(7,)], word)


@pytest.mark.parametrize("text", NO_WORDS)
def test_what_only_looks_like_a_word_is_none(text):
    assert not is_plain(text)
    assert kinds(text) != [("word", text)]


def test_every_character_that_python_takes_inside_a_name_is_one_inside_a_word():
    chars = [chr(code) for code in range(128, sys.maxunicode + 1) if f"a{chr(code)}".isidentifier()]
    if unicodedata.unidata_version == UNICODE:
        assert [char for char in chars if not is_plain(f"a{char}")] == []
    known = [char for char in chars if re.match(rf"[{WORD_MARKS}]", char) or char.isalnum()]
    assert len(known) > 130_000


def test_marks_are_those_of_unicode():
    found = re.compile(rf"[{WORD_MARKS}]")
    ours = {code for code in range(sys.maxunicode + 1) if found.match(chr(code))}
    theirs = set(word_marks.marks())
    assert ours <= theirs
    if unicodedata.unidata_version == UNICODE:
        assert ours == theirs
        assert word_marks.MODULE.read_text(encoding="utf-8") == word_marks.written()


@given(st.text(alphabet="aก็ी\u200c\u200d$_9 ُ가", max_size=20))
def test_both_ways_to_read_tokens_agree_about_words(text):
    assert list(read_tokens(text)) == significant(tokenize(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10%", ["10", "%"]),
        ("1_000", ["1_000"]),
        ("1_000.5_5", ["1_000.5_5"]),
        ("1e5", ["1e5"]),
        ("1E-5", ["1E-5"]),
        ("1.e5", ["1.e5"]),
        (".5", [".5"]),
        ("1_000e1_0", ["1_000e1_0"]),
        ("0x1F", ["0", "x1F"]),
        ("0b11", ["0", "b11"]),
        ("1_", ["1", "_"]),
        ("1__0", ["1", "__0"]),
        ("5x", ["5", "x"]),
    ],
)
def test_a_number_is_as_long_as_duckdb_reads_it(text, found):
    assert [token.text for token in tokenize(text)] == found
    if "%" not in found:
        answer = duckdb.execute(f"SELECT {text}")
        assert float(answer.fetchall()[0][0]) == float(number(found[0]))
        assert found[1:] in ([], [answer.description[0][0]])


def test_digits_of_other_scripts_are_no_numbers():
    assert ("number", "٣") not in kinds("SELECT ٣")


def test_dollars_make_strings_parameters_and_parts_of_words():
    assert kinds("$가$ 'x' $가$ $이름 a$b $$x$$") == [
        ("string", "$가$ 'x' $가$"),
        ("parameter", "$이름"),
        ("word", "a$b"),
        ("string", "$$x$$"),
    ]
    assert kinds("$tag$open")[0] == ("symbol", "$")
