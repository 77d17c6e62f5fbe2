"""SEARCH KEYWORD: phrases held against scikit-learn, their choice against a brute force, texts of all kinds."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import PixelEncoder

from tests.hunts import rounds
from thanosql_kernel.engine.search import keywords
from thanosql_kernel.engine.search.diversity import most_relevant
from thanosql_kernel.engine.search.korean import Kiwi, ParticleStripper
from thanosql_kernel.engine.search.phrases import Phrases
from thanosql_kernel.errors import Interrupted
from thanosql_kernel.models import registry

WORDS = "storm harbour lantern violin meadow copper orbit glacier puzzle thunder".split()


@pytest.fixture
def encoder(monkeypatch):
    found = PixelEncoder()
    monkeypatch.setattr(registry, "load", lambda model, **settings: found)
    return found


def put(world, texts, name="r"):
    ids = pa.array(range(len(texts)), pa.int64())
    world.put(name, pa.table({"id": ids, "text": pa.array(texts, pa.string())}))


def found_in(world, options="", query="SELECT * FROM r"):
    world.run("SET display.rows = 1000")
    given = f" OPTIONS({options})" if options else ""
    rows = world.rows(f"SEARCH KEYWORD USING mini{given} AS {query}")
    return [None if row["keyword"] is None else json.loads(row["keyword"]) for row in rows]


# -- which phrases are chosen -----------------------------------------------------------------------------------------


def brute_force(text, candidates, top_n, diversity):
    """Maximal marginal relevance, step by step in double precision; of equals the most similar to the text."""
    text, candidates = text.astype(np.float64), candidates.astype(np.float64)
    relevance = candidates @ text
    chosen, left = [int(np.argmax(relevance))], list(range(len(candidates)))
    left.remove(chosen[0])
    while left and len(chosen) < top_n:
        values = [
            (1 - diversity) * relevance[at]
            - diversity * max(candidates[at] @ candidates[it] for it in chosen)
            for at in left
        ]
        equal = [at for at, value in zip(left, values, strict=True) if value >= max(values) - 1e-6]
        chosen.append(max(equal, key=lambda at: relevance[at]))
        left.remove(chosen[-1])
    chosen.sort(key=lambda at: -relevance[at])
    return chosen, relevance[chosen]


@pytest.mark.hunt
def test_phrases_are_chosen_as_by_a_brute_force():
    rng = np.random.default_rng(0)
    for _ in range(rounds(500, 20_000)):
        count, dim = int(rng.integers(1, 30)), int(rng.integers(2, 12))
        vectors = rng.standard_normal((count + 1, dim))
        vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        top_n, diversity = int(rng.integers(1, 9)), float(rng.choice([0.0, 0.2, 0.5, 0.7, 1.0]))
        chosen, scores = most_relevant(vectors[0], vectors[1:], top_n, diversity)
        wanted, relevance = brute_force(vectors[0], vectors[1:], top_n, diversity)
        assert chosen.tolist() == wanted
        np.testing.assert_allclose(scores, relevance, atol=1e-5)


def test_without_diversity_the_most_similar_are_chosen():
    vectors = np.array([[1, 0], [1, 0], [0.8, 0.6], [0, 1]], dtype=np.float32)
    assert most_relevant(vectors[0], vectors[1:], 2, 0.0)[0].tolist() == [0, 1]
    assert most_relevant(vectors[0], vectors[1:], 2, 1.0)[0].tolist() == [0, 2]


def test_of_nothing_nothing_is_chosen():
    chosen, scores = most_relevant(np.ones(2, np.float32), np.empty((0, 2), np.float32), 3, 0.5)
    assert (len(chosen), len(scores)) == (0, 0)


# -- phrases ----------------------------------------------------------------------------------------------------------


def phrases_of(text, shortest=1, longest=2, *, language=None, use_stopwords=True, stemmer=None):
    stemmer = stemmer or ParticleStripper()
    return Phrases(language, shortest, longest, use_stopwords=use_stopwords, stemmer=stemmer).of(text)


@pytest.mark.hunt
def test_phrases_are_the_n_grams_of_scikit_learn():
    from sklearn.feature_extraction.text import CountVectorizer

    rng = np.random.default_rng(1)
    for _ in range(rounds(200, 3000)):
        text = " ".join(rng.choice([*WORDS, "The", "a", "42"], int(rng.integers(1, 20))))
        shortest = int(rng.integers(1, 4))
        longest = shortest + int(rng.integers(0, 3))
        counted = CountVectorizer(ngram_range=(shortest, longest), token_pattern=r"(?u)\b\w\w+\b|\ba\b")
        try:
            wanted = {it for it in counted.fit([text]).vocabulary_ if " a " not in f" {it} "}
        except ValueError:
            wanted = set()
        assert set(phrases_of(text, shortest, longest, use_stopwords=False)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The red car, and the blue car", ["red", "red car", "car", "blue", "blue car"]),
        ("Brad Pitt's acting", ["brad", "brad pitt", "pitt", "pitt's acting", "acting"]),
        ("Don't stop, don’t worry", ["stop", "worry"]),
        ("state-of-the-art K-pop", ["state-of-the-art", "state-of-the-art k-pop", "k-pop"]),
        ("x 7 of the and", []),
        ("😀 🎬 !!!", []),
        ("", []),
        ("naïve café naïve café", ["naïve", "naïve café", "café", "café naïve"]),
    ],
)
def test_phrases_are_pieces_of_the_text(text, wanted):
    assert phrases_of(text) == wanted


KOREAN = "반지의 제왕 시리즈는 최고의 판타지 영화"
WITHOUT_PARTICLES = [
    "반지",
    "반지의 제왕",
    "제왕",
    "제왕 시리즈",
    "시리즈",
    "최고",
    "최고의 판타지",
    "판타지",
    "판타지 영화",
    "영화",
]


def test_particles_are_taken_off_where_no_parts_of_speech_are_known():
    assert phrases_of(KOREAN) == WITHOUT_PARTICLES
    assert phrases_of("학교에서는 친구들과 점심을 먹었다") == ["학교", "친구들", "점심", "먹었다"]


@pytest.fixture(scope="module")
def kiwi():
    pytest.importorskip("kiwipiepy")
    return Kiwi()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (KOREAN, WITHOUT_PARTICLES),
        ("액션영화의 감동적인 스토리", ["액션영화", "액션영화의 감동", "감동", "스토리"]),
        ("가볍게 볼 수 있는 코미디 영화예요", ["코미디", "코미디 영화", "영화"]),
        ("CG가 좋았고 Marvel 배우들이 잘함 ㅋㅋ 😀", ["cg", "marvel", "marvel 배우들", "배우들"]),
        ("재미있었다. 2024년 여름", ["2024년", "2024년 여름", "여름"]),
        ("책", ["책"]),
        ("정말 너무 좋다", []),
    ],
)
def test_keywords_of_korean_texts_are_nouns(kiwi, text, wanted):
    assert phrases_of(text, stemmer=kiwi) == wanted


@pytest.mark.hunt
def test_phrases_stand_in_the_text_however_it_is_written(kiwi):
    rng = np.random.default_rng(2)
    pieces = [
        *WORDS,
        "영화를",
        "감독이",
        "배우들의",
        "좋은",
        "😀",
        "K-pop",
        "don't",
        ",",
        "\n",
        "  ",
        "3.5",
        "日本語",
        "\u200b",
        "é",
    ]
    for _ in range(rounds(300, 5000)):
        text = " ".join(rng.choice(pieces, int(rng.integers(1, 25))))
        for stemmer in (kiwi, ParticleStripper()):
            for language in (None, "ko", "en"):
                for phrase in phrases_of(text, 1, 3, language=language, stemmer=stemmer):
                    assert phrase in " ".join(text.split()).lower()
                    assert 1 <= len(phrase.split()) <= 3


def test_english_takes_korean_words_as_they_stand():
    assert phrases_of("영화는 great movie", language="en") == [
        "영화는",
        "영화는 great",
        "great",
        "great movie",
        "movie",
    ]


def test_the_words_of_a_text_beyond_the_first_are_not_read():
    found = Phrases(None, 1, 1, use_stopwords=True, stemmer=ParticleStripper(), most_words=3)
    text = "storm harbour lantern violin"
    assert found.of(text) == ["storm", "harbour", "lantern"]
    assert (found.is_too_long(text), found.is_too_long("storm harbour lantern")) == (True, False)
    assert found.pieces(text, 2) == ["storm harbour ", "lantern"]
    assert found.pieces("storm", 2) == ["storm"]


# -- statements -------------------------------------------------------------------------------------------------------


@pytest.mark.hunt
def test_keywords_are_those_of_a_brute_force(world, encoder, monkeypatch):
    rng = np.random.default_rng(3)
    monkeypatch.setattr(keywords, "PHRASES_AT_ONCE", 40)
    for number in range(rounds(6, 80)):
        texts = [
            None if rng.random() < 0.1 else " ".join(rng.choice(WORDS, int(rng.integers(0, 9))))
            for _ in range(20)
        ]
        put(world, texts, f"r{number}")
        longest, top_n = int(rng.integers(1, 4)), int(rng.integers(1, 6))
        diversity, threshold = float(rng.choice([0, 0.3, 0.5, 1])), float(rng.choice([-1, 0, 0.2]))
        options = f"ngram_range=[1, {longest}], top_n={top_n}, diversity={diversity}, threshold={threshold}"
        world.run(f"DELETE FROM r{number} WHERE id % 7 = 3")
        left = [text for at, text in enumerate(texts) if at % 7 != 3]
        for text, found in zip(left, found_in(world, options, f"SELECT * FROM r{number}"), strict=True):
            if text is None:
                assert found is None
                continue
            phrases = phrases_of(text, 1, longest)
            if not phrases:
                assert found == {"keyword": [], "score": []}
                continue
            vectors, own = encoder.encode_texts(phrases), encoder.encode_texts([text])[0]
            fitting = [at for at in range(len(phrases)) if vectors[at] @ own >= threshold]
            if not fitting:
                assert found["keyword"] == []
                continue
            wanted, scores = brute_force(own, vectors[fitting], top_n, diversity)
            assert found["keyword"] == [phrases[fitting[at]] for at in wanted]
            np.testing.assert_allclose(found["score"], scores, atol=6e-5)


def test_a_text_without_words_has_no_keywords_and_null_has_none(world, encoder):
    put(world, ["", "the of and", "😀", None, "harbour"])
    none = {"keyword": [], "score": []}
    assert found_in(world) == [none, none, none, None, found_in(world)[4]]
    assert found_in(world)[4]["keyword"] == ["harbour"]


def test_what_has_been_embedded_is_not_embedded_again(world, encoder):
    put(world, ["storm harbour", "harbour storm", "storm harbour"])
    first = found_in(world)
    texts = [text for text in encoder.texts if text]
    assert found_in(world) == first
    assert encoder.texts == texts


def test_long_texts_are_the_mean_of_their_pieces(world, encoder, monkeypatch):
    monkeypatch.setattr(keywords, "PIECE_WORDS", 2)
    put(world, ["storm harbour lantern violin meadow"])
    pieces = encoder.encode_texts(["storm harbour ", "lantern violin ", "meadow"]).mean(axis=0)
    pieces /= np.linalg.norm(pieces)
    (found,) = found_in(world, "ngram_range=[1, 1], diversity=0, threshold=-1, top_n=9")
    wanted = {
        word: float(encoder.encode_texts([word])[0] @ pieces)
        for word in phrases_of("storm harbour lantern violin meadow", 1, 1)
    }
    assert found["keyword"] == sorted(wanted, key=lambda word: -wanted[word])
    np.testing.assert_allclose(found["score"], sorted(wanted.values(), reverse=True), atol=6e-5)


def test_of_very_long_texts_the_beginning_counts_and_that_is_told(world, encoder, monkeypatch):
    monkeypatch.setattr(keywords, "MOST_WORDS", 3)
    put(world, ["storm harbour lantern violin", "storm"])
    result = world.run("SEARCH KEYWORD USING mini OPTIONS(threshold=-1, top_n=9) AS SELECT * FROM r")[-1]
    assert "1 text has over 3 words; only these count" in result.notices
    assert "violin" not in str(result.rows.to_pylist()[0]["keyword"])


def test_korean_without_its_nouns_says_what_to_install(world, encoder, monkeypatch):
    monkeypatch.setattr(keywords, "has_kiwi", lambda: False)
    put(world, ["반지의 제왕 시리즈"])
    result = world.run("SEARCH KEYWORD USING mini OPTIONS(threshold=-1) AS SELECT * FROM r")[-1]
    assert any("thanosql-kernel[korean]" in notice for notice in result.notices)
    put(world, ["harbour"])
    assert world.run("SEARCH KEYWORD USING mini AS SELECT * FROM r")[-1].notices == ()


def test_sql_reads_the_column_as_json(world, encoder):
    put(world, ["storm harbour", "lantern", None])
    nested = "SEARCH KEYWORD USING mini OPTIONS(threshold=-1, top_n=9) AS SELECT * FROM r"
    rows = world.rows(
        f"SELECT id, keyword -> 'keyword' AS k, keyword ->> '$.keyword[0]' AS first, typeof(keyword) AS t FROM ({nested})"
    )
    assert [row["first"] for row in rows][1:] == ["lantern", None]
    assert json.loads(rows[1]["k"]) == ["lantern"]
    assert rows[0]["t"] == "JSON"
    elements = world.rows(
        f"SELECT * FROM (SELECT id, json_array_elements(keyword -> 'keyword') AS keywords, "
        f"(json_array_elements(keyword -> 'score'))::text::float AS score FROM ({nested})) WHERE score > 0.99"
    )
    assert [(row["id"], row["keywords"]) for row in elements] == [(0, '"storm harbour"'), (1, '"lantern"')]


def test_as_many_rows_come_of_an_array_as_it_holds_whatever_is_limited(world, encoder):
    put(world, ["storm harbour", "lantern", "violin meadow"])
    nested = "SEARCH KEYWORD USING mini OPTIONS(threshold=-1, top_n=9) AS SELECT * FROM r"
    items = "SELECT id, json_array_elements_text(keyword -> 'keyword') AS k"
    whole = world.rows(f"{items} FROM ({nested}) ORDER BY id DESC, k")
    assert len(whole) == 7
    assert world.rows(f"{items} FROM ({nested}) ORDER BY id DESC, k LIMIT 4") == whole[:4]
    world.run(f"CREATE TABLE kept AS SELECT * FROM ({nested})")
    assert world.rows(f"{items} FROM kept ORDER BY id DESC, k LIMIT 4") == whole[:4]


def test_the_rows_are_stored_where_that_is_asked(world, encoder):
    put(world, ["storm harbour", None])
    world.run("SEARCH KEYWORD USING mini OPTIONS(table_name='k', result_col='낱말') AS SELECT * FROM r")
    first, second = world.rows("SELECT 낱말 FROM k")
    assert set(json.loads(first["낱말"])) == {"keyword", "score"}
    assert second["낱말"] is None


@pytest.mark.parametrize(
    ("options", "code", "marked"),
    [
        ("ngram_range=[2, 1]", "TS103", "[2, 1]"),
        ("ngram_range=[1]", "TS103", "[1]"),
        ("ngram_range=[0, 1]", "TS103", "[0, 1]"),
        ("ngram_range=[1, 11]", "TS103", "[1, 11]"),
        ("ngram_range=['a', 'b']", "TS103", "['a', 'b']"),
        ("ngram_range=2", "TS103", "2"),
        ("diversity=1.5", "TS103", "1.5"),
        ("threshold=-2", "TS103", "-2"),
        ("top_n=0", "TS103", "0"),
        ("lang='jp'", "TS103", "'jp'"),
        ("text_col='txt'", "TS202", "'txt'"),
        ("text_col='id'", "TS300", "'id'"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(world, encoder, options, code, marked):
    put(world, ["storm"])
    assert world.marked(f"SEARCH KEYWORD USING mini OPTIONS({options}) AS SELECT * FROM r") == (code, marked)


def test_it_can_be_stopped_and_goes_on_where_it_was(world, encoder, monkeypatch):
    monkeypatch.setattr(keywords, "PHRASES_AT_ONCE", 4)
    texts = [f"{one} {other}" for one in WORDS for other in WORDS if one != other]
    put(world, texts)
    stop_at = 40
    with pytest.raises(Interrupted):
        world.run(
            "SEARCH KEYWORD USING mini AS SELECT * FROM r",
            cancelled=lambda: len(set(encoder.texts)) >= stop_at,
        )
    before = list(encoder.texts)
    assert len(set(before)) < len(texts)
    assert len(found_in(world)) == len(texts)


# -- the embedded model -----------------------------------------------------------------------------------------------


def test_the_embedded_model_finds_what_texts_are_about(world):
    pytest.importorskip("kiwipiepy")
    put(world, ["The plot of this action movie was thrilling.", KOREAN])
    english, korean = found_in(world)
    assert english["keyword"][0] == "action movie"
    assert "판타지 영화" in korean["keyword"]
    assert english["score"] == sorted(english["score"], reverse=True)
