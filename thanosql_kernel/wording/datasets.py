"""What is said about data sets that are fetched from the web."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

UNSPLASH = Wording(
    "the tutorial's photos: Unsplash Lite, 25,000 photos with descriptions, 1,000 of them unless OPTIONS(limit=…)",
    "튜토리얼의 사진: 설명이 있는 사진 25,000장인 Unsplash Lite. OPTIONS(limit=…)가 없으면 1,000장",
)
LIMIT = Wording(
    "how many photos of unsplash_data, from the first one on; None for all. Those that are there stay",
    "unsplash_data의 사진을 처음부터 몇 장 받을지 정합니다. None이면 모두 받습니다. 이미 있는 사진은 그대로 둡니다",
)
WIDTH = Wording(
    "how many pixels wide the photos of unsplash_data are; each width has a folder of its own",
    "unsplash_data 사진의 너비(픽셀)입니다. 너비마다 폴더가 따로 있습니다",
)
WORKERS = Wording(
    "how many photos of unsplash_data are fetched at a time, 16 at most",
    "unsplash_data 사진을 한 번에 몇 장씩 받을지 정합니다. 최대 16장",
)
LIST = Wording("Downloading the list of photos", "사진 목록 내려받기")
FETCHING = Wording("Fetching photos, about {megabytes:,} MB in all", "사진 받기, 모두 약 {megabytes:,} MB")
HOSTED_THERE = Wording(
    "Already there, nothing was downloaded: {folder}/", "이미 있어서 내려받지 않았습니다: {folder}/"
)
NEXT_COPY = Wording("Next: COPY {name} FROM '{table}'", "다음 문장: COPY {name} FROM '{table}'")
LEFT_OUT = Wording(
    "left out: {photos} that the server does not give ({reasons})",
    "서버에 없어서 제외했습니다: {photos} ({reasons})",
)
UNUSABLE = Wording(
    "left out: {rows} of the list that cannot be used", "제외했습니다: 목록에서 쓸 수 없는 {rows}"
)
NOT_NOW = Wording(
    "{photos} could not be fetched now ({reason}): run the statement again",
    "지금 받지 못한 {photos}이 있습니다 ({reason}). 문장을 다시 실행하십시오",
)

# Why a photo, or the list, did not come.
STATUS = Wording("HTTP {status}", "HTTP 상태 {status}")
ELSEWHERE = Wording("an address that is not asked", "요청하지 않는 주소입니다")
NO_PICTURE = Wording("not a whole picture", "온전한 사진이 아닙니다")
TOO_LARGE = Wording("too large", "너무 큽니다")
TOO_SLOW = Wording("too slow", "너무 느립니다")

# Errors of code TS502.
NO_LIST = Wording(
    "the list of {name} cannot be fetched from {address}: {reason}",
    "{address}에서 {name} 목록을 받을 수 없습니다 ({reason})",
)
BAD_LIST = Wording(
    "what {address} sends is no archive with a list of photos",
    "{address}에서 받은 파일은 사진 목록이 들어 있는 압축 파일이 아닙니다",
)
ENDED = Wording(
    "fetching the photos ended with {count:,} of {total:,}: {reason}",
    "사진 {total:,}장 가운데 {count:,}장을 받은 뒤 멈췄습니다 ({reason})",
)
UNWELCOME = Wording("the server asks to wait for {minutes} min", "서버가 {minutes}분 동안 기다리라고 합니다")
GO_ON = Wording(
    "run the statement again to go on where it stopped, or use GET THANOSQL DATASET sample_photos",
    "문장을 다시 실행하면 멈춘 곳부터 이어서 받습니다. GET THANOSQL DATASET sample_photos도 있습니다",
)
OWN_FOLDER = Wording(
    "bring your own: put its files into {folder}/ and COPY reads its csv; or GET THANOSQL DATASET {others}",
    "파일을 {folder}/에 직접 넣으면 COPY로 csv를 읽을 수 있습니다. GET THANOSQL DATASET {others}도 있습니다",
)
