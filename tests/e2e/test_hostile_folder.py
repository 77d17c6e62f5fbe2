"""A folder with files named like modules is opened: nothing in it is run, and all goes on as elsewhere."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from lsprotocol import types

sys.path.insert(0, str(Path(__file__).parent))
from hostile_folder import fill, run_in
from live_kernel import live_kernel

from thanosql_kernel.jupyter.install import spec_folder

pytestmark = pytest.mark.e2e

STATEMENTS = (
    "COPY 사진 FROM '사진'",
    "CONVERT USING mini AS SELECT * FROM 사진",
    "SEARCH IMAGE text='red' USING mini AS SELECT * FROM 사진",
    "PRINT IMAGE OPTIONS(format='widget') AS SELECT * FROM 사진",
    "EXPORT SELECT image_path FROM 사진 TO 'out.json'",
)


def installed_command() -> list[str]:
    """How Jupyter starts the kernel, with this Python."""
    argv = json.loads((spec_folder() / "kernel.json").read_text())["argv"]
    return [sys.executable, *argv[1 : argv.index("-f")]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "hostile"
    assert fill(made) > 300
    return made


def test_the_marks_are_made_where_python_is_started_without_care(folder: Path) -> None:
    careless = subprocess.run([sys.executable, "-m", "thanosql_kernel", "--version"], cwd=folder, check=False)
    assert careless.returncode != 0
    assert run_in(folder) != []


def test_the_kernel_starts_answers_and_embeds(folder: Path) -> None:
    from PIL import Image

    (folder / "사진").mkdir()
    Image.new("RGB", (64, 48), "red").save(folder / "사진" / "a.jpg")
    with live_kernel(installed_command(), folder) as kernel:
        assert "42" in kernel.run("SELECT 6 * 7 AS n").plain[0]
        matches = kernel.ask(kernel.client.complete("SELEC", 5), "complete_reply")["matches"]
        assert "SELECT" in matches
        page = kernel.client.inspect("CONVERT USING mini AS SELECT 1", 3)
        assert kernel.ask(page, "inspect_reply")["found"]
        for statement in STATEMENTS:
            answer = kernel.run(statement)
            assert answer.reply["content"]["status"] == "ok", answer.reply["content"]
    assert run_in(folder) == []


def test_the_language_server_starts_and_answers(folder: Path) -> None:
    from thanosql_lsp.jupyter import spec
    from traitlets import HasTraits

    command = spec(HasTraits())["thanosql-language-server"]["argv"]

    async def talk() -> tuple[list[str], list[str]]:
        from pytest_lsp import ClientServerConfig

        client = await ClientServerConfig(server_command=["env", "-C", str(folder), *command]).start()
        await client.initialize_session(
            types.InitializeParams(types.ClientCapabilities(), root_uri=folder.as_uri())
        )
        uri = (folder / "a.thanosql").as_uri()
        item = types.TextDocumentItem(uri, "thanosql", 1, "SELECT (1 +")
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        document = types.TextDocumentIdentifier(uri)
        found = await client.text_document_completion_async(
            types.CompletionParams(document, types.Position(0, 3))
        )
        report = await client.text_document_diagnostic_async(types.DocumentDiagnosticParams(document))
        await client.shutdown_session()
        await client.stop()
        return [one.label for one in found.items], [str(one.code) for one in report.items]

    labels, codes = asyncio.run(asyncio.wait_for(talk(), 60))
    assert "SELECT" in labels
    assert codes != []
    assert run_in(folder) == []
