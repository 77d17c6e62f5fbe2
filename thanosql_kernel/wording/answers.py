"""What statements answer once they have run, and what they note beside it; progress while they do."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

FETCHED = Wording(
    "Fetched: {count} photos in {folder}/\nNext: COPY {name} FROM '{table}'",
    "받았습니다: {folder}/ 폴더에 사진 {count}장\n다음 문장: COPY {name} FROM '{table}'",
)
ALREADY_THERE = Wording(
    "Already there, nothing was downloaded: {count} photos in {folder}/\nNext: COPY {name} FROM '{table}'",
    "이미 있어서 내려받지 않았습니다: {folder}/ 폴더에 사진 {count}장\n다음 문장: COPY {name} FROM '{table}'",
)
SAMPLE_PHOTOS = Wording(
    "297 free photos with descriptions (41 MB): animals, cats, streets, lakes, rooms",
    "설명이 있는 무료 사진 297장(41 MB): 동물, 고양이, 거리, 호수, 방",
)
READ_AS = Wording("{name} was read as {encoding} text", "{name} 파일을 {encoding} 텍스트로 읽었습니다")
COLUMN_RENAMED = Wording(
    "column {name} is called {new_name} here", "{name} 컬럼의 이름은 여기서 {new_name}입니다"
)
SHEET_READ = Wording(
    "sheet {name} was read; {others} was not", "{name} 시트를 읽었습니다. 읽지 않은 시트: {others}"
)
HIDDEN_SHEET = Wording("{name} (hidden)", "{name} (숨겨짐)")
LEFT_OUT = Wording("left out: {files}", "제외한 파일: {files}")
UNNAMED = Wording(
    "left out, for the names are no UTF-8: {names}", "이름이 UTF-8이 아니어서 제외했습니다: {names}"
)
UNNAMED_MORE = Wording(
    "left out, for the names are no UTF-8: {names} and {more} more",
    "이름이 UTF-8이 아니어서 제외했습니다: {names} 외 {more}개",
)
FORBIDDEN = Wording("left out, for they may not be read: {names}", "읽을 권한이 없어 제외했습니다: {names}")
FORBIDDEN_MORE = Wording(
    "left out, for they may not be read: {names} and {more} more",
    "읽을 권한이 없어 제외했습니다: {names} 외 {more}개",
)
NO_VECTOR = Wording(
    "{rows} of {table} has no vector now: run {convert}",
    "{table} 테이블에 벡터가 없는 행이 생겼습니다({rows}). 다음 문장을 실행하십시오: {convert}",
)
NO_VECTORS = Wording(
    "{rows} of {table} have no vector now: run {convert}",
    "{table} 테이블에 벡터가 없는 행이 생겼습니다({rows}). 다음 문장을 실행하십시오: {convert}",
)
#: What is under way, in front of a bar.
STORING = Wording("storing {name}", "{name} 저장")
DOWNLOAD = Wording("download", "내려받기")
DOWNLOADING = Wording("Downloading {name}", "{name} 내려받기")
UNPACKING = Wording("Unpacking photos", "사진 압축 풀기")
