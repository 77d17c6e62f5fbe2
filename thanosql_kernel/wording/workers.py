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
