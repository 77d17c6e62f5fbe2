"""What `thanosql-kernel doctor` finds, and what to do about it."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

OK = Wording("ok", "정상")
NOTE = Wording("note", "참고")
BAD = Wording("bad", "문제")

RUN = Wording("run: {command}", "다음 명령을 실행하십시오: {command}")
FAILED = Wording("{check}: {kind}: {reason}", "{check} 확인에 실패했습니다: {kind}: {reason}")

PYTHON = Wording(
    "Python {python}, thanosql-kernel {version} ({executable})",
    "Python {python}, thanosql-kernel {version}(위치: {executable})",
)
OLD_PYTHON = Wording("Python 3.11 or later is needed", "Python 3.11 이상이 필요합니다")

NOT_INSTALLED = Wording("{package} is not installed", "{package} 패키지가 설치되어 있지 않습니다")
OTHER_VERSION = Wording(
    "{package} {version} is not {wanted}", "{package}의 버전이 {version}입니다. 필요한 버전: {wanted}"
)

UNKNOWN_KERNEL = Wording("Jupyter does not know the kernel", "Jupyter에 커널이 등록되어 있지 않습니다")
KERNEL = Wording("Jupyter finds the kernel in {folder}", "Jupyter가 찾은 커널: {folder}")
PYTHON_GONE = Wording(
    "the kernel is to be started by {python}, which is gone", "커널을 시작할 Python이 없어졌습니다: {python}"
)
RUNS_FILES = Wording(
    "the kernel in {folder} runs files of the working folder that are named as modules",
    "{folder}의 커널은 작업 폴더에서 모듈과 이름이 같은 파일을 실행합니다",
)
OTHER_PYTHON = Wording(
    "the kernel in {folder} is started by another Python than this: {python}",
    "{folder}의 커널은 이 Python이 아니라 다른 Python으로 시작됩니다: {python}",
)
DELETE_AND_RUN = Wording(
    "delete {folder}, then run: {command}", "{folder} 폴더를 지우고 다음 명령을 실행하십시오: {command}"
)

NO_LAB = Wording(
    "no JupyterLab, neither in {prefix} nor on the PATH (VS Code and consoles need none)",
    "{prefix}에도 PATH에도 JupyterLab이 없습니다(VS Code와 콘솔에는 필요하지 않습니다)",
)
LAB = Wording(
    "JupyterLab in {prefix} has colours, widgets and completion for ThanoSQL",
    "{prefix}의 JupyterLab에 ThanoSQL의 색 구분, 위젯, 자동 완성이 모두 있습니다",
)
LAB_LACKS = Wording(
    "JupyterLab in {prefix} lacks {what}; looked in {folders}",
    "{prefix}의 JupyterLab에 없는 것: {what}. 찾아본 곳: {folders}",
)
LAB_HAS_OLD = Wording(
    "JupyterLab in {prefix} has the colours of another version of ThanoSQL, from {folder}",
    "{prefix}의 JupyterLab이 사용하는 ThanoSQL 색 구분의 버전이 다릅니다: {folder}",
)
THE_KERNEL = Wording("the kernel", "커널")
COLOURS = Wording("the colours of ThanoSQL", "ThanoSQL의 색 구분")
LANGUAGE_SERVER = Wording("the language server", "언어 서버")
WIDGETS = Wording("ipywidgets' front end, which draws widgets", "위젯을 그리는 ipywidgets의 화면 쪽 확장")
COMPLETION = Wording(
    "jupyterlab-lsp's front end, which completes and checks while you type",
    "입력하는 동안 완성하고 검사하는 jupyterlab-lsp의 화면 쪽 확장",
)

MODEL = Wording("model {name}: {summary}", "모델 {name}: {summary}")
NO_MINI = Wording("model {name}: its weights are missing", "모델 {name}의 가중치가 없습니다")
NO_WEIGHTS = Wording(
    "model {name}: its weights are not on this machine", "모델 {name}의 가중치가 이 컴퓨터에 없습니다"
)
STANDS_IN = Wording(
    "model {name}: its weights are not on this machine, mini stands in",
    "모델 {name}의 가중치가 이 컴퓨터에 없어 mini를 대신 사용합니다",
)
GET_MODEL = Wording(
    "run GET THANOSQL MODEL {name} where {source} can be reached",
    "{source}에 연결되는 곳에서 GET THANOSQL MODEL {name} 문을 실행하십시오",
)
UNSET_OFFLINE = Wording(
    "unset {variable}, then run GET THANOSQL MODEL {name} where {source} can be reached",
    "환경 변수 {variable}의 설정을 지우고 {source}에 연결되는 곳에서 GET THANOSQL MODEL {name} 문을 실행하십시오",
)
NO_CLIP = Wording(
    "CLIP is not installed ({packages} missing), mini stands in",
    "CLIP이 설치되어 있지 않아 mini를 대신 사용합니다(없는 패키지: {packages})",
)

GPU = Wording("GPU: CLIP runs on {device}", "GPU: CLIP이 {device}에서 실행됩니다")
APPLE = Wording("Apple's", "Apple의 GPU")
UNUSED_GPU = Wording(
    "GPU: there is one of NVIDIA, but PyTorch {version} cannot use it",
    "GPU: NVIDIA GPU가 있지만 PyTorch {version} 버전이 사용할 수 없습니다",
)
INSTALL_CUDA = Wording(
    "install a PyTorch built for CUDA: https://pytorch.org/get-started/locally/",
    "CUDA용 PyTorch를 설치하십시오: https://pytorch.org/get-started/locally/",
)
NO_GPU = Wording(
    "no GPU: all models run on the processor", "GPU가 없습니다. 모든 모델이 프로세서에서 실행됩니다"
)

DATABASE = Wording("database {database}", "데이터베이스: {database}")
NEW_DATABASE = Wording(
    "database {database} (made when first used)", "데이터베이스: {database}(처음 사용할 때 만들어집니다)"
)
ANSWERS_LATER = Wording(
    "whether it answers shows at the first statement", "연결되는지는 첫 문장을 실행할 때 알 수 있습니다"
)
BAD_DATABASE = Wording("database {database}: {reason}", "데이터베이스 {database}에 쓸 수 없습니다: {reason}")
CHOOSE_FOLDER = Wording(
    "set THANOSQL_DATABASE to a folder that you can write to",
    "환경 변수 THANOSQL_DATABASE에 쓸 수 있는 폴더를 지정하십시오",
)
