"""The command lines, the welcome of consoles, Python and its notebooks."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

# -- the command line ----------------------------------------------------------------------------------------
ABOUT = Wording(
    "ThanoSQL in Jupyter. Jupyter itself starts the kernel with -f CONNECTION_FILE.",
    "Jupyter에서 사용하는 ThanoSQL입니다. 커널은 Jupyter가 -f CONNECTION_FILE로 직접 시작합니다.",
)
USAGE = Wording("usage: ", "사용법: ")
WRONG_ARGUMENTS = Wording("{program}: error: {reason}", "{program}: 명령을 이해할 수 없습니다: {reason}")
COMMANDS = Wording("commands", "명령")
OPTIONS = Wording("options", "옵션")
SHOW_HELP = Wording("show this help message and exit", "이 도움말을 보여 주고 끝냅니다")
SHOW_VERSION = Wording("show program's version number and exit", "프로그램의 버전을 보여 주고 끝냅니다")
INSTALL = Wording("make the kernel known to Jupyter", "커널을 Jupyter에 등록합니다")
UNINSTALL = Wording(
    "remove it from Jupyter, from where Jupyter finds it unless told where",
    "커널을 Jupyter에서 제거합니다. 위치를 지정하지 않으면 Jupyter가 찾는 곳에서 제거합니다",
)
DOCTOR = Wording(
    "look whether everything is in place, and say what to do",
    "모든 것이 제자리에 있는지 살펴보고 할 일을 알려 줍니다",
)
FOR_USER = Wording("for you, in every environment", "현재 사용자의 모든 환경에서")
FOR_ENVIRONMENT = Wording("in this Python environment", "이 Python 환경에서")
FOR_PREFIX = Wording("under PREFIX/share/jupyter/kernels", "PREFIX/share/jupyter/kernels 아래에")

INSTALLED = Wording(
    "ThanoSQL is now a kernel of Jupyter: {folder}", "ThanoSQL이 Jupyter의 커널로 등록되었습니다: {folder}"
)
REMOVED = Wording("removed {folder}", "제거했습니다: {folder}")
NOTHING_TO_REMOVE = Wording("there is no ThanoSQL kernel to remove", "제거할 ThanoSQL 커널이 없습니다")
FAILED = Wording("{place}: {reason}", "작업하지 못했습니다: {place}({reason})")
CHOOSE_ANOTHER_PLACE = Wording(
    "choose another place: --user, --sys-prefix or --prefix FOLDER",
    "다른 위치를 선택하십시오: --user, --sys-prefix 또는 --prefix FOLDER",
)

# -- the language server's command line ----------------------------------------------------------------------
LANGUAGE_SERVER = Wording("Language server for ThanoSQL", "ThanoSQL 언어 서버")
STDIO = Wording("talk over standard input and output (default)", "표준 입출력으로 통신합니다(기본값)")
TCP = Wording("wait for one editor on a port", "포트에서 편집기 하나를 기다립니다")
HOST = Wording("address for --tcp (default: %(default)s)", "--tcp의 주소(기본값: %(default)s)")
PORT = Wording("port for --tcp (default: %(default)s)", "--tcp의 포트(기본값: %(default)s)")
STRINGS_ELSEWHERE = Wording(
    "complete no word begun inside quotes: JupyterLab would write it behind what is typed; a kernel does it",
    "따옴표 안에서 쓰기 시작한 단어는 완성하지 않습니다. JupyterLab은 완성한 단어를 이미 입력한 글자 뒤에 붙이므로 "
    "커널이 대신 완성합니다",
)
LOG_LEVEL = Wording("what is logged (default: %(default)s)", "로그에 남길 내용(기본값: %(default)s)")
LOG_FILE = Wording("where it is logged (default: standard error)", "로그를 남길 파일(기본값: 표준 오류)")

# -- the welcome of consoles ---------------------------------------------------------------------------------
WELCOME = Wording(
    "ThanoSQL Kernel {version}: search your photos with SQL",
    "ThanoSQL Kernel {version}: SQL로 사진을 검색합니다",
)
DATABASE_LINE = Wording("database: {database}", "데이터베이스: {database}")
MODELS_LINE = Wording("models:   {models}", "모델: {models}")
HOW_TO = Wording(
    "HELP shows the statements, exit leaves. End a statement with a semicolon.",
    "HELP는 문장 목록을 보여 주고 exit는 콘솔을 끝냅니다. 문장 끝에는 세미콜론을 쓰십시오.",
)
IN_THIS_FOLDER = Wording("{folder} in this folder", "이 폴더의 {folder}")
MADE_WHEN_USED = Wording("{place}, made when first used", "{place}(처음 사용할 때 만들어집니다)")
HOLDS = Wording("{place}, {counts}", "{place}({counts})")
AND = Wording("{one} and {other}", "{one}과(와) {other}")
NONE = Wording("none", "없음")
STANDS_IN = Wording(
    "{here} (mini stands in for {away}: see HELP GET)",
    "{here}({away} 대신 mini를 사용합니다. HELP GET을 보십시오)",
)
STAYS = Wording(
    "exit leaves a console, and this is none, so nothing was ended. "
    "In JupyterLab, Kernel › Shut Down Kernel ends the session.",
    "exit는 콘솔을 끝내는 명령인데 여기는 콘솔이 아니므로 아무것도 끝내지 않았습니다. "
    "JupyterLab에서는 Kernel › Shut Down Kernel로 세션을 끝내십시오.",
)
SQL_OF_QUERIES = Wording("SQL of queries (DuckDB)", "쿼리의 SQL(DuckDB)")
WHERE_TABLES_LIVE = Wording("Where tables live (LanceDB)", "테이블이 저장되는 곳(LanceDB)")

# -- Python --------------------------------------------------------------------------------------------------
TAKES_A_TEXT = Wording(
    "sql() takes a text, not {kind}", "sql()에는 텍스트를 넘겨야 합니다. 넘긴 값의 타입: {kind}"
)
MAGIC_USAGE = Wording(
    "%%thanosql [NAME <<] or %%thanosql [-o NAME]: the statements stand in the lines below",
    "%%thanosql [NAME <<] 또는 %%thanosql [-o NAME]: 문장은 그 아래 줄에 씁니다",
)
NO_VARIABLE = Wording("there is no variable {name}", "{name} 변수가 없습니다")
NO_TEXT_IN_VARIABLE = Wording(
    "{name} holds no text with statements: its type is {type}",
    "{name} 변수에 문장 텍스트가 없습니다. 타입은 {type}입니다",
)
