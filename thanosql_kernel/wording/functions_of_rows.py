"""FUNCTION: what is said of it."""

from __future__ import annotations

from thanosql_kernel.wording import grammar, models, values
from thanosql_kernel.wording.text import Wording

FUNCTION = Wording(
    "Compute something of rows, or of a file, that SQL has no function for.",
    "SQL 함수로 할 수 없는 계산을 행이나 파일에 대해 합니다.",
)

# -- compute.groupby_emb_mean --------------------------------------------------------------------------------
GROUP_MEANS = Wording(
    "One row a label with the mean of its vectors, labels in order of first appearance. The mean is that of the "
    "numbers as they are, not brought to length one; its cosines are those of its direction. Rows without a vector, "
    "and vectors with numbers that are missing or not finite, are left out; rows whose label is NULL are a group, as "
    "in GROUP BY.",
    "레이블마다 한 행에 그 벡터들의 평균을 담습니다. 레이블은 처음 나온 순서로 나옵니다. 평균은 길이를 1로 맞추지 않은 "
    "값 그대로의 평균이고, 코사인은 그 방향으로 계산됩니다. 벡터가 없는 행과 값이 없거나 유한하지 않은 벡터는 빼며, "
    "레이블이 NULL인 행들은 GROUP BY에서처럼 한 그룹이 됩니다.",
)
LABEL_COL = Wording("the column of labels", "레이블이 있는 컬럼")
EMB_COL = Wording("the column of vectors", "벡터가 있는 컬럼")
MEAN_COL = Wording("name of the new column of means", "평균을 담을 새 컬럼의 이름")
GETS_MEANS = Wording("the mean of each label's vectors", "레이블마다 벡터의 평균")
AVERAGING = Wording("averaging {column}", "{column} 평균")

# -- compute.similarity --------------------------------------------------------------------------------------
SIMILARITY = Wording(
    "The query's rows with the label of the most similar row of another table, by cosine, and that cosine; with top_k, "
    "lists of several, best first. Ties go to the row that comes first, and every row is compared: no index guesses. "
    "A row without a vector gets NULL.",
    "쿼리의 행마다 다른 테이블에서 코사인 유사도가 가장 높은 행의 레이블과 그 유사도를 붙입니다. top_k를 쓰면 유사도가 "
    "높은 순서로 여러 개를 목록에 담습니다. 유사도가 같으면 먼저 나온 행을 고르고, 색인 없이 모든 행과 비교합니다. "
    "벡터가 없는 행은 NULL입니다.",
)
ROWS_EMB_COL = Wording("the column of vectors of the query's rows", "쿼리 행의 벡터가 있는 컬럼")
SRC_TABLE = Wording("the table to look in", "비교할 행이 있는 테이블")
SRC_EMB_COL = Wording("its column of vectors", "그 테이블에서 벡터가 있는 컬럼")
SRC_LABEL_COL = Wording("its column of labels", "그 테이블에서 레이블이 있는 컬럼")
LABELS_A_ROW = Wording("how many labels a row gets", "행마다 붙일 레이블의 개수")
NEAREST_COL = Wording(
    "name of the new column of labels; that of cosines ends with _score",
    "레이블을 담을 새 컬럼의 이름. 유사도를 담을 컬럼의 이름은 _score로 끝납니다",
)
GETS_NEAREST = Wording("the labels of the most similar rows", "가장 비슷한 행의 레이블")
COMPARING = Wording("comparing {column}", "{column} 비교")
LOADING = Wording("reading {column}", "{column} 읽기")


class TS103(grammar.TS103):
    """A value that is missing."""

    MISSING = Wording("{function} needs the option {name}", "{function}에는 {name} 옵션이 있어야 합니다")
    WRITE_IT = Wording("write {options}", "{options}처럼 쓰십시오")


class TS300(values.TS300):
    """Vectors that cannot be compared."""

    DIFFERENT_LENGTHS = Wording(
        "column {column} holds vectors of {one} numbers and of {other}",
        "{column} 컬럼에 숫자 {one}개로 된 벡터와 {other}개로 된 벡터가 섞여 있습니다",
    )
    OTHER_LENGTHS = Wording(
        "column {column} holds vectors of {length} numbers, {other} of {table} such of {dim}",
        "{column} 컬럼의 벡터는 숫자 {length}개로 되어 있는데 {table} 테이블의 {other} 컬럼에 있는 벡터는 "
        "{dim}개로 되어 있습니다",
    )
    ONE_MODEL = Wording(
        "compare columns that one model has made",
        "한 모델이 만든 컬럼끼리 비교하십시오",
    )


class TS401(models.TS401):
    """Vectors of different weights."""

    OF_DIFFERENT_WEIGHTS = Wording(
        "column {column} was made with {made}, and {other} of {table} with {weights}",
        "{column} 컬럼은 {made} 가중치로 만든 것인데 {table} 테이블의 {other} 컬럼은 {weights} 가중치로 만든 것입니다",
    )
