"""What a console says first."""

import subprocess
import sys
from pathlib import Path

from thanosql_kernel import __version__
from thanosql_kernel.engine.session import Session
from thanosql_kernel.jupyter.welcome import banner


def test_the_banner_names_version_database_and_models(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv("THANOSQL_DATABASE", raising=False)
    told = banner(tmp_path)
    assert __version__ in told
    assert ".thanosql in this folder, made when first used" in told
    assert "mini" in told.splitlines()[2]


def test_the_banner_counts_the_tables_that_there_are(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv("THANOSQL_DATABASE", raising=False)
    Session(tmp_path / ".thanosql").run("CREATE TABLE 사진 AS SELECT 1 AS n", emit=lambda result: None)
    assert ".thanosql in this folder, 1 table\n" in banner(tmp_path)
    Session(tmp_path / ".thanosql").run(
        "CREATE VIEW a AS FROM 사진; CREATE VIEW b AS FROM a", emit=lambda result: None
    )
    assert ".thanosql in this folder, 1 table and 2 views\n" in banner(tmp_path)


def test_the_banner_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from thanosql_kernel.jupyter.welcome import banner; banner(Path('.'));"
        "print([name for name in ('duckdb', 'lance', 'torch', 'pyarrow', 'onnxruntime') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_the_banner_is_korean_where_korean_is_spoken(tmp_path: Path, monkeypatch, korean) -> None:
    monkeypatch.delenv("THANOSQL_DATABASE", raising=False)
    lines = banner(tmp_path).splitlines()
    assert lines[1] == "데이터베이스: 이 폴더의 .thanosql(처음 사용할 때 만들어집니다)"
    assert lines[2].startswith("모델: mini(clip, ")
    session = Session(tmp_path / ".thanosql")
    session.run("CREATE TABLE 사진 AS SELECT 1 AS n; CREATE VIEW a AS FROM 사진", emit=lambda result: None)
    assert banner(tmp_path).splitlines()[1].endswith("(테이블 1개와 뷰 1개)")
