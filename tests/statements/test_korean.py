"""In Korean, what is wrong with a statement is told without a word of English but names and code."""

import re

import pytest

from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.statements.cell import parse_each
from thanosql_kernel.statements.foresight import Unforeseen

pytestmark = pytest.mark.usefixtures("korean")

MISTAKES = {
    "SEARCH IMAGE USING mini AS SELECT * FROM photos": "검색할 내용이 없습니다",
    "SEARCH IMAGE text='' USING mini AS SELECT * FROM photos": "빈 텍스트로는 아무것도 찾을 수 없습니다",
    "SEARCH IMAGE image='' USING mini AS SELECT * FROM photos": "빈 사진 경로로는 아무것도 찾을 수 없습니다",
    "SEARCH IMAGE text='a', image='b' USING mini AS SELECT * FROM t": "입력은 한 번에 한 종류만 쓸 수 있습니다",
    "PRINT IMAGE INTO chosen AS SELECT * FROM t": "INTO는 위젯에서 선택한 것을 저장합니다",
    "PRINT VIDEO OPTIONS(format='sheet') AS SELECT * FROM t": "PRINT VIDEO에는 'sheet' 형식이 없습니다",
    "PREDICT USING mini OPTIONS(labels=['']) AS SELECT * FROM t": "빈 레이블은 아무것에도 맞지 않습니다",
    "PREDICT USING mini OPTIONS(labels=['a'], template='b') AS FROM t": "template에 레이블을 넣을 자리가 없습니다",
    "RESTORE 사진 TO VERSION 0": "버전은 1부터 시작하는 숫자입니다",
    "SET 화면 = 1": "화면 설정이 없습니다",
    "SET threads = 1": "DuckDB의 threads 설정은 여기서 값이 정해져 있습니다",
    "UPDATE t SET 이름 = 1, 이름 = 2": "이름 컬럼에 값을 두 번 지정했습니다",
    "UPDATE t SET (a, b) = (1, 2, 3)": "컬럼은 2개인데, 값은 3개입니다",
    "MERGE INTO t USING t ON true WHEN MATCHED THEN DELETE": "양쪽의 이름이 모두 t입니다",
    "UPLOAD MODEL m FROM 'a.pth'": "이 파일을 읽으면 그 안의 코드가 실행됩니다",
    "%matplotlib inline": "Python 노트북에서 쓰는 명령입니다: %matplotlib",
    "%thanosql SELECT 1; SELECT 2": "%thanosql 한 줄에는 한 문장만 쓸 수 있습니다",
}


def first_problem(text: str) -> ThanoSQLError:
    [(_, found)] = parse_each(text)
    return found if isinstance(found, ThanoSQLError) else next(iter(found.check(Unforeseen())))


@pytest.mark.parametrize(("text", "message"), MISTAKES.items(), ids=list(MISTAKES))
def test_a_mistake_is_told_in_korean(text: str, message: str):
    error = first_problem(text)
    assert error.message == message
    assert not re.search("[a-z]{2} [a-z]{2}", error.hint or "")
