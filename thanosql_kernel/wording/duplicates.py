"""Groups of near-duplicates: FUNCTION compute.duplicates, and their pictures by groups."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

HELP = Wording(
    "The rows with copies of photos (`duplicate_group`: resized, recompressed, cut a little, a little brighter) and "
    "with photos of one burst (`burst_group`: one scene within seconds), group by group. `keep` is false for the "
    "copies of a photo that is kept; with `level='burst'` for all but one photo of each burst.",
    "사진의 사본(`duplicate_group`: 크기를 바꾸거나 다시 압축하거나 조금 자르거나 조금 밝게 한 것)과 연속 촬영한 "
    "사진(`burst_group`: 몇 초 안에 찍은 같은 장면)이 있는 행을 그룹별로 찾습니다. `keep`은 남길 사진의 사본이면 "
    "거짓이고, `level='burst'`이면 연속 촬영마다 한 장을 뺀 나머지가 거짓입니다.",
)
IMAGE_COL = Wording("the column of pictures", "사진이 있는 컬럼")
EMB_COL = Wording(
    "the column of their vectors; without it the only one there is",
    "사진의 벡터 컬럼. 생략하면 하나뿐인 벡터 컬럼",
)
LEVEL = Wording(
    "which groups: copies of the same photo, bursts, or both (`keep` is about copies then)",
    "찾을 그룹: 같은 사진의 사본(photo), 연속 촬영(burst), 둘 다(both). 둘 다이면 `keep`은 사본에 대한 것",
)
TIME_COL = Wording(
    "when they were taken, if there is such a column; else what the files say",
    "촬영 시각 컬럼. 없으면 파일에 적힌 시각",
)
SECONDS = Wording(
    "how far from the kept one the photos of a burst were taken at most, in seconds",
    "연속 촬영한 사진과 남길 사진 사이의 최대 시간(초)",
)
THRESHOLD = Wording(
    "the least cosine of two pictures that are compared; measured for `mini`, for others by their scale",
    "서로 비교할 두 사진의 최소 코사인 유사도. `mini`로 측정했으며 다른 모델은 그 척도에 맞춤",
)
BURST_THRESHOLD = Wording(
    "the least cosine within a burst where no times are known",
    "촬영 시각을 모를 때 연속 촬영으로 보는 최소 코사인 유사도",
)
GETS_GROUPS = Wording("Gets the groups that its picture belongs to.", "사진이 속하는 그룹이 들어갑니다.")
# -- while it works
SEARCHING = Wording("comparing vectors", "벡터 비교")
COMPARING = Wording("comparing {column}", "{column} 비교")
# -- what it tells
COPIES = Wording(
    "{photos} in several files: {rows} with a duplicate_group", "여러 파일에 있는 {photos}: 모두 {rows}"
)
BURSTS = Wording("{bursts}: {rows} with a burst_group", "{bursts}에 속하는 행: {rows}")
NOTHING = Wording("no two pictures belong together", "함께 묶이는 사진이 없습니다")
# -- above their pictures, and beside those that are kept
SAME_PHOTO = Wording("Photo {number:,} · {pictures}", "사진 {number:,} · {pictures}")
BURST = Wording("Burst {number:,} · {pictures}", "연속 촬영 {number:,} · {pictures}")
KEPT = Wording("✓ keep", "✓ 남김")
COPY = Wording("copy", "사본")
UNREAD = Wording(
    "{pictures} could not be read: whether they are copies is not known",
    "{pictures}을(를) 읽지 못해 사본인지 알 수 없습니다",
)
