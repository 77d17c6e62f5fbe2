"""Speak as much of the protocol as the client needs; each message goes to the file THANOSQL_TEST_LOG as a line."""

import json
import os
import sys

CAPABILITIES = {
    "textDocumentSync": 2,
    "notebookDocumentSync": {
        "notebookSelector": [
            {"notebook": "jupyter-notebook", "cells": [{"language": "thanosql"}, {"language": "python"}]}
        ]
    },
    "completionProvider": {"triggerCharacters": ["."]},
    "hoverProvider": True,
    "documentFormattingProvider": True,
    "codeLensProvider": {},
}


def read():
    """The next message; None at the end."""
    length = None
    while line := sys.stdin.buffer.readline().strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return None if length is None else json.loads(sys.stdin.buffer.read(length))


def answer(message):
    """The result of a request."""
    if message["method"] == "initialize":
        return {"capabilities": CAPABILITIES}
    if message["method"] == "textDocument/completion":
        return [{"label": "from the server"}]
    if message["method"] == "textDocument/codeLens":
        place = {"line": 0, "character": 0}
        return [{"range": {"start": place, "end": place}, "command": {"title": "Run", "command": "thanosql.runStatement"}}]
    return None


def main():
    """Until the client says that it is over."""
    with open(os.environ["THANOSQL_TEST_LOG"], "a", encoding="utf-8") as log:
        print(json.dumps({"method": "$started", "params": {"arguments": sys.argv[1:], "path": sys.path, "command": sys.orig_argv}}), file=log, flush=True)
        while (message := read()) is not None:
            print(json.dumps(message), file=log, flush=True)
            if message.get("method") == "exit":
                return
            if "id" in message and "method" in message:
                body = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": answer(message)}).encode()
                sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
                sys.stdout.buffer.flush()


main()
