"""Workers that share a CONVERT's work: those of job arrays, and Ray's."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording

# -- the command line ----------------------------------------------------------------------------------------
ABOUT = Wording(
    "embed a shard of what a CONVERT would, into the database's cache, so that the CONVERT only adds its column",
    "CONVERT 문이 임베딩할 값 가운데 샤드 하나를 데이터베이스의 캐시에 임베딩합니다. "
    "그다음 CONVERT 문은 열만 추가합니다",
)
STATEMENT = Wording(
    "the CONVERT, as in a cell; - reads it from standard input",
    "셀에 쓰는 것과 같은 CONVERT 문. -이면 표준 입력에서 읽습니다",
)
DATABASE = Wording(
    "a folder or s3://…; without it THANOSQL_DATABASE, or the nearest .thanosql folder",
    "폴더 또는 s3://… 주소. 없으면 THANOSQL_DATABASE나 가장 가까운 .thanosql 폴더",
)
FOLDER = Wording(
    "where relative paths in the table start, as for a notebook there (default: this folder)",
    "테이블의 상대 경로가 시작하는 폴더. 그곳의 노트북과 같습니다(기본값: 현재 폴더)",
)
SHARD = Wording(
    "which of how many, from 1: 2/4 (default: a job array's own number, else everything)",
    "전체 가운데 몇 번째인지, 1부터: 2/4 (기본값: 작업 배열의 번호, 없으면 전부)",
)
SHARDS = Wording(
    "how many there are; the job's number says which: SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX",
    "전체 샤드의 수. 몇 번째인지는 SLURM_ARRAY_TASK_ID나 JOB_COMPLETION_INDEX가 정합니다",
)
COMMIT = Wording(
    "seconds between commits (default: %(default)s): what a killed worker may lose",
    "커밋 사이의 시간(초, 기본값: %(default)s). 강제로 종료된 워커가 잃을 수 있는 작업량입니다",
)
EVERY = Wording(
    "seconds between lines of progress (default: %(default)s)",
    "진행 상황을 쓰는 간격(초, 기본값: %(default)s)",
)
NO_SHARD = Wording(
    "{value}: a shard is written 1/4, 2/4, 3/4 or 4/4", "{value}: 샤드는 1/4, 2/4, 3/4, 4/4처럼 씁니다"
)
NO_COUNT = Wording(
    "{variable} says that this is one of several jobs, but not of how many: add --shards NUMBER",
    "{variable} 변수에 따르면 여러 작업 가운데 하나이지만 전체 작업 수를 알 수 없습니다. "
    "--shards NUMBER를 추가하십시오",
)
NO_NUMBER = Wording(
    "--shards says how many jobs there are, but neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX which this is",
    "--shards로 전체 작업 수를 알 수 있지만 이 작업의 번호를 알려 주는 SLURM_ARRAY_TASK_ID나 "
    "JOB_COMPLETION_INDEX가 없습니다",
)
BEYOND = Wording(
    "{variable}={number} is not among {count} shards",
    "{variable}={number}은(는) 샤드 {count}개에 들지 않습니다",
)


# -- Ray -----------------------------------------------------------------------------------------------------
ENGINE = Wording(
    "where CONVERT embeds: on this machine, or by the workers of a Ray cluster ('ray' starts or finds one)",
    "CONVERT가 임베딩하는 곳: 이 컴퓨터(local) 또는 Ray 클러스터의 워커('ray'는 클러스터를 시작하거나 찾습니다)",
)
WORKERS = Wording(
    "how many Ray workers; 0: one for each GPU, or else for each four cores",
    "Ray 워커의 수. 0이면 GPU마다 하나, GPU가 없으면 코어 네 개마다 하나",
)
STARTING = Wording("starting Ray workers", "Ray 워커 시작")


class TS605(Code):
    """What workers do not do, or cannot."""

    MEANING = Wording(
        "what workers do not do, or cannot",
        "워커가 하지 않거나 할 수 없는 일입니다",
    )
    ONLY_CONVERT = Wording(
        "a worker takes one CONVERT, and no other statement", "워커에는 CONVERT 문 하나만 줄 수 있습니다"
    )
    LIKE_THIS = Wording(
        "for example: CONVERT USING mini OPTIONS(image_col='path') AS SELECT * FROM photos",
        "예: CONVERT USING mini OPTIONS(image_col='path') AS SELECT * FROM photos",
    )
    NO_RAY = Wording(
        "SET engine = '{engine}' needs Ray, which is not installed",
        "SET engine = '{engine}'에는 Ray가 필요하지만 설치되어 있지 않습니다",
    )
    INSTALL_RAY = Wording(
        "in a terminal: {command}; or SET engine = 'local'",
        "터미널에서 실행하십시오: {command}. 또는 SET engine = 'local'을 실행하십시오",
    )
    NO_CLUSTER = Wording(
        "no Ray cluster answers at {address}: {reason}",
        "{address}에서 Ray 클러스터가 응답하지 않습니다: {reason}",
    )
    CHECK_CLUSTER = Wording(
        "ray status on a machine of the cluster says whether it runs; SET engine = 'local' embeds here",
        "클러스터의 컴퓨터에서 ray status를 실행하면 동작 여부를 알 수 있습니다. "
        "SET engine = 'local'이면 여기서 임베딩합니다",
    )
    NO_DATABASE_THERE = Wording(
        "the Ray worker on {node} does not see the database {database}",
        "{node}의 Ray 워커가 데이터베이스 {database}을(를) 찾지 못합니다",
    )
    NO_FILE_THERE = Wording(
        "the Ray worker on {node} cannot read {file}, which is there on this machine: {reason}",
        "이 컴퓨터에 있는 {file}을(를) {node}의 Ray 워커가 읽지 못합니다: {reason}",
    )
    SAME_PATHS = Wording(
        "workers need the database and the pictures under the same paths: put them on a disk that all machines mount",
        "워커에는 데이터베이스와 사진이 같은 경로에 있어야 합니다. 모든 컴퓨터가 마운트하는 디스크에 두십시오",
    )
    OTHER_WEIGHTS = Wording(
        "the Ray worker on {node} has other weights of {model} than this machine",
        "{node}의 Ray 워커에 있는 {model}의 가중치가 이 컴퓨터의 것과 다릅니다",
    )
    SAME_WEIGHTS = Wording(
        "run GET MODEL on that machine too, or put the model's folder on a disk that all machines mount",
        "그 컴퓨터에서도 GET MODEL을 실행하거나, 모델 폴더를 모든 컴퓨터가 마운트하는 디스크에 두십시오",
    )
    OTHER_VERSION = Wording(
        "the Ray worker on {node} runs thanosql-kernel {there}, and this machine {here}",
        "{node}의 Ray 워커는 thanosql-kernel {there} 버전이고 이 컴퓨터는 {here} 버전입니다",
    )
    SAME_VERSION = Wording(
        "install the same version on all machines", "모든 컴퓨터에 같은 버전을 설치하십시오"
    )
    WORKER_FAILED = Wording("a Ray worker failed: {reason}", "Ray 워커가 실패했습니다: {reason}")
    WORKERS_END = Wording(
        "workers end again and again while they embed the {count} values from {first} on: {reason}",
        "{first}부터 값 {count}개를 임베딩하는 동안 워커가 계속 종료됩니다: {reason}",
    )
    EMBED_HERE = Wording(
        "what was embedded is kept; SET engine = 'local' goes on here",
        "임베딩한 것은 남아 있습니다. SET engine = 'local'이면 여기서 이어서 합니다",
    )
