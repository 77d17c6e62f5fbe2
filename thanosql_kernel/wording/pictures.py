"""Pictures, tables and widgets in a notebook."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

#: Below pictures with similarities.
USUAL_FOR_TEXT = Wording(
    "with {model} the best picture usually has {low:.2f} to {high:.2f} if one fits the text, {least:.2f} to "
    "{most:.2f} if none does: similarities put pictures in an order, they do not say whether any fits",
    "{model} 모델의 유사도는 보통 텍스트에 맞는 사진이 있으면 가장 높은 값이 {low:.2f}~{high:.2f}, 없으면 "
    "{least:.2f}~{most:.2f}이며, 사진의 순서를 정할 뿐 맞는 사진이 있는지는 알려 주지 않습니다",
)
USUAL_FOR_IMAGE = Wording(
    "with {model} copies of a picture usually have {low:.2f} to {high:.2f}, pictures with nothing in common "
    "{least:.2f} to {most:.2f}: similarities put pictures in an order, they do not say whether any fits",
    "{model} 모델의 유사도는 보통 같은 사진의 사본이면 {low:.2f}~{high:.2f}, 공통점이 없는 사진이면 "
    "{least:.2f}~{most:.2f}이며, 사진의 순서를 정할 뿐 맞는 사진이 있는지는 알려 주지 않습니다",
)
NOTE = Wording("note: {text}", "참고: {text}")
BYTES = Wording("<{count:,} bytes>", "<{count:,}바이트>")
# -- how many are shown, by the English noun of what there is
SHOWN_OF = {
    "row": Wording("{shown:,} of {things}", "{things} 중 {shown:,}행"),
    "picture": Wording("{shown:,} of {things}", "{things} 중 {shown:,}장"),
    "sound": Wording("{shown:,} of {things}", "{things} 중 {shown:,}개"),
    "video": Wording("{shown:,} of {things}", "{things} 중 {shown:,}개"),
}
TOO_LARGE = Wording(
    "the rest would make the output too large: ask for a smaller size or LIMIT",
    "더 넣으면 출력이 너무 커집니다. size를 줄이거나 LIMIT을 사용하십시오",
)
# -- what made a column, in the hint of its name
MADE_OF = Wording(
    "{type}, {kind} vectors of {source} by {model} ({weights} weights)",
    "{type}, {source} 컬럼의 {kind} 벡터, 모델 {model}(가중치 {weights})",
)
MADE = Wording(
    "{type}, {kind} vectors by {model} ({weights} weights)",
    "{type}, {kind} 벡터, 모델 {model}(가중치 {weights})",
)
KINDS = {
    "image": Wording("image", "사진"),
    "text": Wording("text", "텍스트"),
    "audio": Wording("audio", "소리"),
    "video": Wording("video", "동영상"),
}
# -- pictures by date
PERIODS = {
    "day": Wording("{year}-{month:02}-{day:02} ({weekday})", "{year}년 {month}월 {day}일 ({weekday})"),
    "month": Wording("{year}-{month:02}", "{year}년 {month}월"),
    "year": Wording("{year}", "{year}년"),
}
WEEKDAYS = (
    Wording("Mon", "월"),
    Wording("Tue", "화"),
    Wording("Wed", "수"),
    Wording("Thu", "목"),
    Wording("Fri", "금"),
    Wording("Sat", "토"),
    Wording("Sun", "일"),
)
GROUP = Wording("{column}: {value} · {pictures}", "{column}: {value} · {pictures}")
NO_DATE = Wording("date unknown", "날짜 모름")
SORT = Wording("Sort", "정렬")
AS_FOUND = Wording("as found", "찾은 순서")
ASCENDING = Wording("smallest or oldest first", "작은 값, 오래된 날짜부터")
DESCENDING = Wording("largest or newest first", "큰 값, 최근 날짜부터")
TAKEN = Wording("Taken", "촬영일")
BETWEEN = Wording("{first} – {last}", "{first} ~ {last}")
# -- files that cannot be shown
UNREADABLE = Wording("cannot be read", "읽을 수 없음")
NOT_SHOWN = Wording("cannot be shown", "표시할 수 없음")
NO_PATH = Wording("no path", "경로 없음")
MISSING = Wording("missing", "파일 없음")
NO_FILE_PATH = Wording("no path of a file", "파일의 경로가 아님")
REFUSED = Wording("{detail}", "읽을 수 없음: {detail}")
NOT_COPIED = Wording(
    "not copied into the notebook: {megabytes:,.1f} MB", "노트북에 복사하지 않음: {megabytes:,.1f} MB"
)
NO_FONT = Wording(
    "no font here has all letters of the captions: install fonts-noto-cjk, or read them here",
    "설명의 모든 글자를 가진 글꼴이 없습니다. fonts-noto-cjk를 설치하거나 여기에서 읽으십시오",
)
# -- progress
UNITS = {
    "images": Wording("{number} images", "{number}장"),
    "photos": Wording("{number} photos", "{number}장"),
    "rows": Wording("{number} rows", "{number}행"),
    "texts": Wording("{number} texts", "{number}개"),
    "sounds": Wording("{number} sounds", "{number}개"),
    "videos": Wording("{number} videos", "{number}개"),
    "files": Wording("{number} files", "{number}개"),
    "items": Wording("{number} items", "{number}개"),
}
PER_SECOND = Wording("{amount}/s", "초당 {amount}")
TIME_LEFT = Wording("{time} left", "{time} 남음")
ERRORS = Wording("{count:,} unreadable", "{count:,}개 읽지 못함")
DONE_OF = Wording("{done} of {total}", "{total} 중 {done}")
CANCEL = Wording("Cancel", "취소")
CANCEL_CELL = Wording("stop this cell", "이 셀의 실행을 멈춤")
STOPPING = Wording("Stopping…", "멈추는 중…")
# -- the widget to browse photos
INSTALL_WIDGETS = Wording(
    "(to browse {pictures} here, install jupyterlab_widgets in the environment that JupyterLab runs in, and reload "
    "the page)",
    "({pictures}을(를) 여기에서 넘겨 보려면 JupyterLab을 실행하는 환경에 jupyterlab_widgets를 설치하고 페이지를 새로 "
    "고치십시오)",
)
CLOSED = Wording(
    "(closed, others were opened since: run the cell again to browse)",
    "(그 뒤로 다른 위젯이 열려 닫혔습니다. 다시 보려면 셀을 다시 실행하십시오)",
)
SEARCH = Wording("Search", "검색")
TYPE_TO_SEARCH = Wording("type to search", "검색할 내용을 입력하십시오")
SEARCHING = Wording("searching…", "검색하는 중…")
RESULTS_FOR = Wording("Results for “{text}”", "“{text}” 검색 결과")
SIZE = Wording("Size", "크기")
PAGE = Wording("{page:,} / {pages:,}   ({pictures})", "{page:,} / {pages:,}   ({pictures})")
PREVIOUS_PAGE = Wording("previous page", "이전 페이지")
NEXT_PAGE = Wording("next page", "다음 페이지")
ENLARGE = Wording("see it large", "크게 보기")
# -- what is chosen in it
CLICK_TO_CHOOSE = Wording("Click a picture to choose it.", "사진을 클릭하여 선택하십시오.")
CHOSEN_COUNT = Wording("{count:,} chosen", "{count:,}장 선택함")
CLEAR = Wording("Clear", "선택 해제")
CHOOSE_NOTHING = Wording("choose nothing", "모든 사진의 선택을 해제")
TABLE = Wording("Table", "테이블")
TABLE_NAME = Wording(
    "the chosen rows are stored under this name", "선택한 행을 이 이름의 테이블로 저장합니다"
)
STORE = Wording("Store", "저장")
STORE_ROWS = Wording("store the chosen rows as a table", "선택한 행을 테이블로 저장")
STORING = Wording("storing…", "저장하는 중…")
STORED = Wording("{rows} stored as table {name}", "{rows}을(를) {name} 테이블로 저장했습니다")
REPLACE_IT = Wording("{problem}. Replace it?", "{problem}. 바꾸시겠습니까?")
REPLACE = Wording("Replace", "바꾸기")
KEEP = Wording("Keep it", "그대로 두기")
NEXT = Wording("Next:", "다음 단계:")
EXPORT_NEXT = Wording("EXPORT {table} TO 'folder/'", "EXPORT {table} TO '폴더/'")
# -- one picture, large
CHOOSE = Wording("Choose", "선택")
CHOSEN = Wording("✓ Chosen", "✓ 선택됨")
CLOSE = Wording("close", "닫기")
PREVIOUS_PICTURE = Wording("previous picture", "이전 사진")
NEXT_PICTURE = Wording("next picture", "다음 사진")
ARROW_KEYS = Wording(
    "click here, then the arrow keys go through the pictures",
    "여기를 클릭하면 화살표 키로 사진을 넘길 수 있습니다",
)
LOADING = Wording("loading…", "불러오는 중…")
SELECTS_PATH = Wording(
    "a click selects the whole path, to copy it", "클릭하면 복사할 수 있도록 전체 경로가 선택됩니다"
)
