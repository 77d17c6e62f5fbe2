"""In Korean, statements answer and note in Korean."""

import re

import pytest

from thanosql_kernel.errors import ThanoSQLError

pytestmark = pytest.mark.usefixtures("korean")

ANSWERS = {
    "UPDATE 사진 SET 이름 = 'b' WHERE 번호 < 2": "사진 테이블의 2행을 변경했습니다",
    "MERGE INTO 사진 USING (SELECT 1 AS 번호) AS s USING (번호) WHEN MATCHED THEN DELETE": (
        "사진 테이블에 0행을 추가하고, 0행을 변경하고, 1행을 삭제했습니다"
    ),
    "TRUNCATE 사진": "사진 테이블에서 3행을 삭제했습니다",
    "TRUNCATE 사진; RESTORE 사진 TO VERSION 1": "사진 테이블을 버전 1의 내용으로 되돌렸습니다: 3행",
    "SET VARIABLE 해 = 2024": "해의 값은 2024입니다",
    "SET display.rows = 5": "display.rows의 값은 5입니다",
    "VACUUM 사진": "사진: 정리할 것이 없습니다",
    "%load_ext thanosql": "ThanoSQL은 이 커널의 언어이므로 불러올 확장이 없습니다.",
}


@pytest.fixture
def pictures(world):
    """A database with a table 사진 of three rows."""
    world.run("CREATE TABLE 사진 AS SELECT range AS 번호, 'a' AS 이름 FROM range(3)")
    return world


@pytest.mark.parametrize(("cell", "answer"), ANSWERS.items(), ids=list(ANSWERS))
def test_an_answer_is_korean(pictures, cell: str, answer: str):
    assert pictures.run(cell)[-1].text == answer


def test_a_refused_statement_of_a_widget_is_told_in_korean(pictures):
    with pytest.raises(ThanoSQLError) as caught:
        pictures.session.glance("TRUNCATE 사진")
    assert (caught.value.code, caught.value.message) == ("TS603", "위젯의 문장은 읽기만 할 수 있습니다")


def test_a_picture_that_is_not_there_is_told_in_korean(pictures):
    pictures.run("CONVERT USING mini OPTIONS(text_col='이름') AS SELECT * FROM 사진")
    error = pictures.fail("SEARCH TEXT image='없는.jpg' USING mini AS SELECT * FROM 사진")
    assert (error.code, error.message) == ("TS500", "없는.jpg 사진이 없습니다")
    assert not re.search("[a-z]{2} [a-z]{2}", error.hint)


def test_rows_without_vectors_are_noted_in_korean(pictures):
    pictures.run("CONVERT USING mini OPTIONS(text_col='이름') AS SELECT * FROM 사진")
    pictures.run("INSERT INTO 사진 (번호, 이름) VALUES (4, '고양이')")
    notices = pictures.run("SEARCH TEXT text='a' USING mini AS SELECT * FROM 사진")[-1].notices
    assert [notice.split(":")[0] for notice in notices] == [
        "1행에 벡터가 없습니다. 다음을 실행하십시오",
        "유사도가 높은 순서",
    ]
