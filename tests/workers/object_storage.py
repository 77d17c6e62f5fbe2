"""Object storage of a test's own: moto's server on a free port, and a bucket in it."""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Callable, Iterable
from typing import Any

KEY, SECRET = "test-key", "test-secret"


class ObjectStorage:
    """S3 as moto plays it, answering one request at a time.

    moto looks whether an object is there and then writes it: of two writers that both ask for "only if it is not there"
    both may be told that they were the first. S3 is not so, and commits rely on it.
    """

    def __init__(self) -> None:
        from moto.moto_server.werkzeug_app import (
            DomainDispatcherApplication,
            MotoRequestHandler,
            create_backend_app,
        )
        from werkzeug.serving import make_server

        class Quiet(MotoRequestHandler):
            def log_request(self, *_: object) -> None:
                """Say nothing."""

        application, turn = DomainDispatcherApplication(create_backend_app), threading.Lock()

        def one_at_a_time(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            with turn:
                return list(application(environ, start))

        self._server = make_server("127.0.0.1", 0, one_at_a_time, threaded=True, request_handler=Quiet)
        self.endpoint = f"http://127.0.0.1:{self._server.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def make_bucket(self, name: str) -> str:
        """A new bucket; its address."""
        urllib.request.urlopen(urllib.request.Request(f"{self.endpoint}/{name}", method="PUT")).close()
        return f"s3://{name}"

    @property
    def environment(self) -> dict[str, str]:
        """What lets a process reach it."""
        return {
            "AWS_ENDPOINT": self.endpoint,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
            "NO_PROXY": "127.0.0.1",
        }

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
