"""Databases in object storage that cannot be reached, say nothing or refuse: an error in time, and the rest works."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from thanosql_kernel.engine.session import Session
from thanosql_kernel.engine.store import remote
from thanosql_kernel.errors import Interrupted, ThanoSQLError

KEY, SECRET = "AKIAVERYPRIVATE", "topsecretkey"
DATABASE = f"s3://{KEY}:{SECRET}@bucket/사진"


class SilentServer:
    """Accepts connections and never says a word."""

    def __init__(self) -> None:
        self.accepted = threading.Event()
        self.connections: list[socket.socket] = []
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            self.connections.append(connection)
            self.accepted.set()

    def close(self) -> None:
        """Whoever still waits is told that nobody is there."""
        self.listening.close()
        for connection in self.connections:
            connection.close()


class Refusing(BaseHTTPRequestHandler):
    """Refuses every request, and repeats the key in its answer as S3 does."""

    def refuse(self) -> None:
        body = (
            f"<Error><Code>InvalidAccessKeyId</Code><AWSAccessKeyId>{KEY}</AWSAccessKeyId></Error>".encode()
        )
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = refuse

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Credentials, and a state folder of the test's own."""
    for name, value in {
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "us-east-1",
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.fixture
def silent(environment: pytest.MonkeyPatch) -> Iterator[SilentServer]:
    """A server that never answers."""
    server = SilentServer()
    environment.setenv("AWS_ENDPOINT", f"http://127.0.0.1:{server.port}")
    yield server
    server.close()


@pytest.fixture
def refusing(environment: pytest.MonkeyPatch) -> Iterator[None]:
    """A server that knows no such key."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment.setenv("AWS_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    yield
    server.shutdown()
    server.server_close()


@pytest.fixture
def nobody(environment: pytest.MonkeyPatch) -> None:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    environment.setenv("AWS_ENDPOINT", f"http://127.0.0.1:{port}")


def fail(session: Session, cell: str) -> ThanoSQLError:
    with pytest.raises(ThanoSQLError) as caught:
        session.run(cell, emit=lambda result: None)
    return caught.value


def assert_told(error: ThanoSQLError) -> None:
    assert error.code == "TS502"
    assert "s3://bucket/사진" in error.message
    for text in (error.message, error.hint or "", error.render("")):
        assert KEY not in text
        assert SECRET not in text


def assert_the_rest_works(session: Session) -> None:
    shown: list[object] = []
    for cell in (
        "SELECT 1 AS a, 'b' AS b",
        "LIST MODEL",
        "LIST THANOSQL MODEL",
        "LIST THANOSQL DATASET",
        "HELP",
    ):
        session.run(cell, emit=shown.append)
    assert len(shown) == 5


@pytest.mark.e2e
def test_a_database_that_nobody_serves_is_named_and_the_rest_works(nobody: None, tmp_path: Path) -> None:
    session = Session(DATABASE, working_folder=tmp_path)
    assert_told(fail(session, "LIST TABLE"))
    assert_the_rest_works(session)


@pytest.mark.parametrize(
    "cell",
    [
        "SELECT * FROM t",
        "SELECT x FROM (LIST TABLE)",
        "CREATE TABLE t AS SELECT 1 AS x",
        "INSERT INTO t VALUES (1)",
        "DROP TABLE t",
        "CONVERT USING mini AS SELECT * FROM t",
        "RESTORE t",
    ],
)
def test_every_use_of_tables_ends_in_time(
    nobody: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str
) -> None:
    monkeypatch.setattr(remote, "LIMIT_S", 0.2)
    assert_told(fail(Session(DATABASE, working_folder=tmp_path), cell))


@pytest.mark.e2e
def test_credentials_that_are_refused_are_told_and_never_repeated(refusing: None, tmp_path: Path) -> None:
    session = Session(DATABASE, working_folder=tmp_path)
    error = fail(session, "SELECT * FROM t")
    assert_told(error)
    assert "refuses access" in error.message
    assert "AWS_SECRET_ACCESS_KEY" in str(error.hint)
    assert_the_rest_works(session)
    for log in tmp_path.rglob("*.log"):
        assert KEY not in log.read_text("utf-8")


def test_a_server_that_says_nothing_is_waited_for_a_bounded_time(
    silent: SilentServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "LIMIT_S", 0.2)
    session = Session(DATABASE, working_folder=tmp_path)
    error = fail(session, "SELECT * FROM t")
    assert_told(error)
    assert "does not answer" in error.message
    assert silent.accepted.wait(10)
    assert_the_rest_works(session)


def test_waiting_for_a_server_that_says_nothing_can_be_stopped(silent: SilentServer, tmp_path: Path) -> None:
    session = Session(DATABASE, working_folder=tmp_path)
    with pytest.raises(Interrupted):
        session.run("LIST TABLE", emit=lambda result: None, cancelled=silent.accepted.is_set)
    assert_the_rest_works(session)


@pytest.mark.parametrize(
    "query", ["", "?access_key={KEY}&secret_key={SECRET}&scheme=http", "?secret_key={SECRET}"]
)
def test_copy_from_a_bucket_that_says_nothing_ends_in_time_and_repeats_no_key(
    silent: SilentServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    from thanosql_kernel.engine.sources import download

    monkeypatch.setattr(download, "_TIMEOUT_S", 0.2)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.port}")
    written = query.format(KEY=KEY, SECRET=SECRET)
    error = fail(
        Session(tmp_path / "db", working_folder=tmp_path),
        f"COPY t FROM 's3://{KEY}:{SECRET}@bucket/사진/x.csv{written}'",
    )
    assert error.code == "TS502"
    assert error.message.startswith("s3://bucket/사진/x.csv ")
    assert KEY not in error.message
    assert SECRET not in error.message


def test_addresses_are_shown_without_keys(tmp_path: Path) -> None:
    from thanosql_kernel import connect
    from thanosql_kernel.catalog.location import locate

    assert locate(DATABASE).address == "s3://bucket/사진"
    assert locate(tmp_path).address == str(tmp_path)
    with connect(DATABASE) as connection:
        assert SECRET not in repr(connection)


def test_a_local_database_is_never_asked_for_over_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote.RemoteTables, "names", None)
    session = Session(tmp_path / "db", working_folder=tmp_path)
    session.run("CREATE TABLE t AS SELECT 1 AS x; SELECT * FROM t; DROP TABLE t", emit=lambda result: None)
