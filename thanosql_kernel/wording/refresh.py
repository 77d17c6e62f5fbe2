"""What is said about folders that are looked through again."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

COMPARING = Wording("comparing files", "파일을 비교하는 중")
ADDED = Wording("{count:,} added", "{count:,}개 추가")
REMOVED = Wording("{count:,} removed", "{count:,}개 삭제")
RENAMED = Wording("{count:,} renamed", "{count:,}개 이름 변경")
CHANGED = Wording("{count:,} changed", "{count:,}개 변경")
NOTHING = Wording("nothing new", "달라진 것 없음")
REFRESHED = Wording("{changes} in {name}; {kept:,} kept", "{name} 테이블: {changes}, {kept:,}행 그대로")
STILL_MISSING = Wording(
    "{rows} stay though their files are missing", "파일이 없어진 {rows}을(를) 그대로 두었습니다"
)
AWAY = Wording(
    "the folder {name} cannot be reached ({reason}): its rows stay as they are",
    "{name} 폴더에 접근할 수 없어({reason}) 해당 행을 그대로 두었습니다",
)
EMPTIED = Wording(
    "the folder {name} is there, but none of its {files}: its rows stay as they are",
    "{name} 폴더는 있지만 {files}이(가) 모두 없어져 해당 행을 그대로 두었습니다",
)
NOT_EMBEDDED = Wording(
    "{column} has no vectors of what is new: {problem} Run {convert}",
    "새 행에는 {column} 컬럼의 벡터가 없습니다. {problem} 다음 문장을 실행하십시오: {convert}",
)
NO_MODEL = Wording("there is no model {name} any more.", "{name} 모델이 더 이상 없습니다.")
OTHER_WEIGHTS = Wording(
    "it was made with {stored}, and {model} has other weights now.",
    "이 컬럼은 {stored} 가중치로 만들었지만 지금 {model} 모델의 가중치는 다릅니다.",
)
#: What to do about folders that are away, or empty.
FOLDER_MOVED = Wording(
    "if it is somewhere else now: REFRESH {table} FROM 'its new path'",
    "폴더를 옮겼으면 다음과 같이 쓰십시오: REFRESH {table} FROM '새 경로'",
)
IF_EMPTIED = Wording(
    "is a disk away? If the files are to be gone: TRUNCATE {table}; "
    "REFRESH {table} OPTIONS(missing='keep') goes on and keeps their rows",
    "디스크가 빠져 있지 않은지 확인하십시오. 파일을 정말 지웠으면 TRUNCATE {table}을 쓰십시오. "
    "REFRESH {table} OPTIONS(missing='keep')은 그 행을 두고 계속합니다",
)
