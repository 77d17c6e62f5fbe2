"""An editor without a screen for any language server over stdio: says things, asks things, remembers what is wrong."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

ANSWER_S = 20.0
#: A server that has said nothing for this long after an edit has nothing to say.
QUIET_S = 1.5
_CAPABILITIES: dict[str, Any] = {
    "workspace": {"configuration": True, "workspaceFolders": True},
    "notebookDocument": {"synchronization": {}},
    "textDocument": {
        "publishDiagnostics": {"versionSupport": True},
        "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "rename": {"prepareSupport": True},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "formatting": {},
        "definition": {},
    },
}


class Unanswered(Exception):
    """The server gave an error, or nothing, for an answer."""


class LanguageClient:
    """One running server and the documents that are open in it.

    Args:
        command: What starts it.
        folder: The workspace; also the working folder and the home of the process.
        language: The language id of documents.
        ending: How their names end, with the dot.
    """

    def __init__(self, command: list[str], folder: Path, language: str, ending: str) -> None:
        own = {"HOME": str(folder), "TMPDIR": str(folder), "XDG_CACHE_HOME": str(folder)}
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **own},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.folder, self.language, self.ending = folder, language, ending
        self.capabilities: dict[str, Any] = {}
        self._answers: dict[int, queue.Queue[dict[str, Any]]] = defaultdict(queue.Queue)
        self._problems: dict[str, list[dict[str, Any]]] = {}
        self._heard = threading.Event()
        self._number = 0
        self._documents = 0
        threading.Thread(target=self._read, daemon=True).start()

    def start(self) -> None:
        """Introduce ourselves."""
        uri = self.folder.as_uri()
        answer = self.ask(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": uri,
                "rootPath": str(self.folder),
                "workspaceFolders": [{"uri": uri, "name": "compared"}],
                "capabilities": _CAPABILITIES,
            },
        )
        self.capabilities = answer["capabilities"]
        self.tell("initialized", {})

    def stop(self) -> None:
        try:
            self.ask("shutdown", None, wait_s=5)
            self.tell("exit", None)
            self.process.wait(5)
        except (Unanswered, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait(5)

    def open(self, text: str) -> str:
        """Open a new document; its address."""
        self._documents += 1
        path = self.folder / f"compared{self._documents}{self.ending}"
        path.write_text(text, encoding="utf-8")
        item = {"uri": path.as_uri(), "languageId": self.language, "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": item})
        return path.as_uri()

    def open_notebook(self, cells: list[str]) -> list[str]:
        """Open a notebook as VS Code does, one document a cell; their addresses."""
        self._documents += 1
        book = (self.folder / f"book{self._documents}.ipynb").as_uri()
        items = [
            {"uri": f"{book}#{number}", "languageId": self.language, "version": 1, "text": text}
            for number, text in enumerate(cells)
        ]
        document = {
            "uri": book,
            "notebookType": "jupyter-notebook",
            "version": 1,
            "cells": [{"kind": 2, "document": item["uri"]} for item in items],
        }
        self.tell("notebookDocument/didOpen", {"notebookDocument": document, "cellTextDocuments": items})
        return [str(item["uri"]) for item in items]

    def problems(self, *uris: str) -> list[dict[str, Any]]:
        """What the server pushed for documents, once it has spoken of each and is quiet."""
        until = time.monotonic() + ANSWER_S
        while time.monotonic() < until:
            self._heard.clear()
            if not self._heard.wait(QUIET_S) and all(uri in self._problems for uri in uris):
                break
        return [problem for uri in uris for problem in self._problems.get(uri, [])]

    def tell(self, method: str, params: Any, **more: Any) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params, **more})

    def ask(self, method: str, params: Any, *, wait_s: float = ANSWER_S) -> Any:
        """The answer.

        Raises:
            Unanswered: When it is an error, or does not come.
        """
        self._number += 1
        number = self._number
        self.tell(method, params, id=number)
        try:
            answer = self._answers[number].get(timeout=wait_s)
        except queue.Empty:
            raise Unanswered(f"{method}: no answer") from None
        if "error" in answer:
            raise Unanswered(f"{method}: {answer['error'].get('message')}")
        return answer.get("result")

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps(message).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1]) if header.lower().startswith(b"content-length") else 0
            while line := stream.readline().strip():
                if line.lower().startswith(b"content-length"):
                    length = int(line.split(b":")[1])
            self._take(json.loads(stream.read(length)))

    def _take(self, message: dict[str, Any]) -> None:
        self._heard.set()
        if "method" not in message:
            self._answers[message["id"]].put(message)
        elif message["method"] == "textDocument/publishDiagnostics":
            self._problems[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "id" in message:
            asked = message.get("params", {})
            settings = (
                [{} for _ in asked.get("items", [])]
                if message["method"] == "workspace/configuration"
                else None
            )
            self._send({"jsonrpc": "2.0", "id": message["id"], "result": settings})
