"""Completion, hover, fixes, renames and whatever else an editor shows."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

# -- the columns that a statement adds
GETS_SIMILARITIES = Wording(
    "the rows get one similarity for each input, from -1 to 1",
    "행에 입력마다 유사도(-1에서 1)가 하나씩 추가됩니다",
)
GETS_LABELS = Wording(
    "the rows get the label that fits best, and its cosine, from -1 to 1",
    "행에 가장 잘 맞는 레이블과 그 코사인 유사도(-1에서 1)가 추가됩니다",
)
GETS_VECTOR_COLUMN = Wording(
    "the rows get a vector column, made by {model}", "행에 {model} 모델로 만든 벡터 컬럼이 추가됩니다"
)
#: By what a word is, what it is called.
KINDS = {
    "model": Wording("model", "모델"),
    "table": Wording("table", "테이블"),
    "view": Wording("view", "뷰"),
    "column": Wording("column", "컬럼"),
    "field": Wording("field", "필드"),
    "alias": Wording("alias", "별칭"),
    "function": Wording("function", "함수"),
    "option": Wording("option", "옵션"),
    "index": Wording("index", "인덱스"),
    "setting": Wording("setting", "설정"),
    "folder": Wording("folder", "폴더"),
}
#: By what is embedded, several of it.
EMBEDDED = {
    "image": Wording("images", "사진"),
    "text": Wording("texts", "텍스트"),
    "video": Wording("videos", "동영상"),
}
BOTH = Wording("{one} and {other}", "{one}과(와) {other}")
# -- completion ------------------------------------------------------------------------------------------------
WHOLE_STATEMENT = Wording("whole statement", "전체 문장")
NAMED_ABOVE = Wording("named above", "위에서 붙인 이름")
QUERY = Wording("a query", "쿼리")
JOIN = Wording("join", "조인")
DIMENSIONS = Wording("{count}-d", "{count}차원")
MADE_FROM = Wording("made by {model} from {source}", "{source} 컬럼으로 {model} 모델이 만듭니다")
# -- hover -----------------------------------------------------------------------------------------------------
COLUMNS = Wording("columns", "컬럼")
GENERATES = Wording(
    "generates the column `{column}`; SEARCH the columns `{column}_similarity1` …",
    "CONVERT 문은 `{column}` 컬럼을, SEARCH 문은 `{column}_similarity1` … 컬럼을 만듭니다",
)
WEIGHTS_IN = Wording("weights in {folder}", "가중치가 있는 곳: {folder}")
SPEC = Wording(
    "{summary}: {dim} numbers for {kinds}; {languages}; {licence}",
    "{summary}: {kinds}마다 숫자 {dim}개 · {languages} · {licence}",
)
MADE_HERE = Wording("made by a statement here", "여기 있는 문장이 만듭니다")
VIEW_OF = Wording("view: `{statement}`", "뷰: `{statement}`")
MORE = Wording("and {count} more", "외 {count}개")
OF_TABLE = Wording("of table `{name}`", "`{name}` 테이블의 컬럼")
OF_VIEW = Wording("of view `{name}`", "`{name}` 뷰의 컬럼")
MADE_BY = Wording(
    "made by {model}{weights} from the {kinds} in {source}",
    "{source} 컬럼의 {kinds}(으)로 {model}{weights} 모델이 만듭니다",
)
# -- lenses ----------------------------------------------------------------------------------------------------
RUN = Wording("▶ Run", "▶ 실행")
# -- settings of the language server in JupyterLab ---------------------------------------------------------------
SERVER = Wording("The language server of ThanoSQL", "ThanoSQL의 언어 서버")
DATABASE = Wording(
    "Folder or address of the database. Empty: the nearest .thanosql, as for the kernel.",
    "데이터베이스의 폴더 또는 주소. 비워 두면 커널과 같이 가장 가까운 .thanosql을 씁니다.",
)
CHECK_QUERIES = Wording(
    "Check the SQL inside of statements with DuckDB's parser.",
    "문장 안의 SQL을 DuckDB의 파서로 검사합니다.",
)
LANGUAGE = Wording(
    "Language of messages: en or ko. Empty: that of the editor, else that of the system.",
    "메시지의 언어: en 또는 ko. 비워 두면 편집기의 언어, 없으면 시스템의 언어입니다.",
)
