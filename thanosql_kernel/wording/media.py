"""What is said about folders of photos, films and sounds."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

LISTING = Wording("looking through the folder", "폴더를 살펴보는 중")
READING = Wording("reading what photos say of themselves", "사진 정보를 읽는 중")

# -- what became no rows -------------------------------------------------------------------------------------
LEFT_OUT = Wording("left out: {files}", "제외한 파일: {files}")
OTHER_KINDS = Wording(
    "{files} (OPTIONS(media='all') takes them too)", "{files}(OPTIONS(media='all')을 쓰면 함께 읽습니다)"
)
UNREAD_PICTURES = Wording("{files} (pictures of kinds that are not read)", "{files}(읽지 못하는 형식의 사진)")
NO_ENDING = Wording("{count:,} without an ending", "확장자 없는 파일 {count:,}개")
OTHERS = Wording("{count:,} more", "외 {count:,}개")
NOT_ASKED_FOR = Wording("{count:,} by the options", "옵션에 따라 {count:,}개")
HIDDEN = Wording("{count:,} hidden", "숨김 항목 {count:,}개")
APPLE_DOUBLE = Wording("{count:,} ._* of macOS", "macOS의 ._* 파일 {count:,}개")
BROKEN = Wording("{count:,} that lead to no file", "실제 파일이 없는 이름 {count:,}개")
IN_FOLDER = Wording("{count:,} in {name}", "{name} 안의 {count:,}개")
LINKS = Wording("linked folders: {names}", "링크된 폴더: {names}")
UNNAMED = Wording(
    "left out, for the names are no UTF-8: {names}", "이름이 UTF-8이 아니어서 제외했습니다: {names}"
)
UNNAMED_MORE = Wording(
    "left out, for the names are no UTF-8: {names} and {more} more",
    "이름이 UTF-8이 아니어서 제외했습니다: {names} 외 {more}개",
)
UNREAD = Wording("left out, for they cannot be read: {names}", "읽을 수 없어 제외했습니다: {names}")
UNREAD_MORE = Wording(
    "left out, for they cannot be read: {names} and {more} more",
    "읽을 수 없어 제외했습니다: {names} 외 {more}개",
)
DANGLING = Wording(
    "left out, for these links lead nowhere now: {names}", "링크가 가리키는 곳이 없어 제외했습니다: {names}"
)
DANGLING_MORE = Wording(
    "left out, for these links lead nowhere now: {names} and {more} more",
    "링크가 가리키는 곳이 없어 제외했습니다: {names} 외 {more}개",
)

# -- options -------------------------------------------------------------------------------------------------
MEDIA = Wording(
    "of a folder: which files are rows; pictures where there are any unless it is mostly music. 'all' gives each "
    "kind its column of paths",
    "폴더에서 행으로 읽을 파일의 종류. 쓰지 않으면 사진이 있으면 사진, 대부분 오디오이면 오디오를 읽습니다. 'all'은 "
    "종류마다 경로 컬럼을 만듭니다",
)
METADATA = Wording(
    "of a folder: whether rows tell when and where photos were taken, with what, and their sizes",
    "폴더에서 촬영 일시, 장소, 카메라, 크기 등의 컬럼도 만들지 여부",
)
RECURSIVE = Wording(
    "of a folder: whether to look into the folders in it", "폴더 안의 하위 폴더도 읽을지 여부"
)
PATTERN = Wording(
    "of a folder: what paths below it must look like, e.g. 'IMG_*.jpg' or '2024/**/*.png'",
    "폴더에서 읽을 파일의 경로 패턴. 예: 'IMG_*.jpg', '2024/**/*.png'",
)
EXCLUDE = Wording(
    "of a folder: files and folders to leave out, e.g. ['drafts', '*.png']",
    "폴더에서 제외할 파일과 폴더. 예: ['drafts', '*.png']",
)
FOLLOW_LINKS = Wording(
    "of a folder: whether to look into linked folders, each once",
    "폴더에서 링크된 폴더도 한 번씩 읽을지 여부",
)

# -- kinds of sources ----------------------------------------------------------------------------------------
FOLDER = Wording("folders of photos", "사진 폴더")
TEXT_TABLE = Wording("csv and other text tables", "csv 등의 텍스트 테이블")
JSON = Wording("JSON records", "JSON 데이터")
WORKBOOK = Wording("workbooks", "엑셀 파일")
PARQUET = Wording("parquet files", "parquet 파일")

COLUMNS_LEFT_OUT = Wording(
    "{table} has no column of this kind, so these are left out: {names}",
    "{table} 테이블에 해당하는 컬럼이 없어 제외한 컬럼: {names}",
)
