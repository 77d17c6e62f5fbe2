"""What is said of vectors that are the mean of several views of a picture."""

from thanosql_kernel.wording.text import Wording

OPTION = Wording(
    "views of each picture whose vectors are averaged: 1 the picture itself, 2 its mirror image too, 3 its middle "
    "(80 % of each side) as well. Takes so many times as long, and finds a little better. Left out, a column keeps the "
    "number that it was made with; a new one has 1",
    "사진마다 벡터를 평균할 뷰의 수. 1은 사진 그대로, 2는 좌우로 뒤집은 사진까지, 3은 가운데(각 변의 80%)까지 씁니다. "
    "걸리는 시간은 그 수만큼 늘고 검색은 조금 나아집니다. 생략하면 있던 컬럼은 만들 때의 수를 그대로 쓰고, "
    "새 컬럼은 1입니다",
)
MEAN = Wording(
    "each vector is the mean of {count} views of its picture",
    "벡터는 사진마다 뷰 {count}개를 평균한 것입니다",
)
KEPT = Wording(
    "each vector is the mean of {count} views of its picture, as the column was made; OPTIONS(views=1) makes it anew "
    "of one",
    "벡터는 컬럼을 처음 만들 때처럼 사진마다 뷰 {count}개를 평균한 것입니다. "
    "OPTIONS(views=1)로 실행하면 뷰 하나로 다시 만듭니다",
)
OF_VIEWS = Wording("{made}, {count} views averaged", "{made}, 뷰 {count}개의 평균")


def with_views(made: str, count: int) -> str:
    """How a column was made, and of how many views of each picture if of several."""
    return made if count == 1 else OF_VIEWS(made=made, count=count)
