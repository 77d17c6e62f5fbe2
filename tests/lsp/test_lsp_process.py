"""The server as a process: how it starts, what it loads, what it survives."""

import asyncio
import importlib.metadata
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

pytestmark = pytest.mark.e2e

HEAVY = {
    "lancedb",
    "lance",
    "torch",
    "onnxruntime",
    "pyarrow",
    "ipykernel",
    "sentence_transformers",
    "numpy",
    "IPython",
}


async def status(editor):
    return await editor.client.workspace_execute_command_async(
        types.ExecuteCommandParams("thanosql.serverStatus")
    )


def test_no_database_model_or_kernel_is_ever_loaded(act):
    async def scenario(editor):
        await editor.is_warm()
        place = editor.open(
            "CONVERT USING clip AS SELECT * FROM t; SEARCH IMAGE text='a' USING cl‸ AS SELECT * FROM t"
        )
        await editor.items(place)
        await editor.problems(place)
        await editor.client.text_document_hover_async(types.HoverParams(**place.at))
        loaded = set((await status(editor))["modules"])
        assert "duckdb" in loaded
        assert not HEAVY & loaded

    act(scenario)


def test_memory_stays_below_130_megabytes(act):
    async def scenario(editor):
        await editor.is_warm()
        pid = (await status(editor))["pid"]
        resident = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmRSS" in line]
        assert int(resident[0].split()[1]) < 130_000

    if not Path("/proc/self/status").exists():
        pytest.skip("memory is read from /proc, which Linux has: run it there")
    act(scenario)


def test_duckdb_is_loaded_only_once_the_editor_has_its_answer():
    code = "import sys; from thanosql_lsp.features import build; build(); print(sorted({n.partition('.')[0] for n in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "'duckdb'" not in loaded
    assert "'pygls'" in loaded


def test_the_server_speaks_tcp(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-P", "-m", "thanosql_lsp", "--tcp", "--port", str(port)])

    async def scenario():
        client = LanguageClient("test", "1")
        await _connected(client, port, server)
        hello = types.InitializeParams(types.ClientCapabilities(), root_uri=tmp_path.as_uri())
        answer = await client.initialize_async(hello)
        assert answer.server_info.name == "thanosql-language-server"
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()

    try:
        asyncio.run(asyncio.wait_for(scenario(), 60))
        assert server.wait(30) == 0
    finally:
        server.kill()


async def _connected(client, port, server):
    while server.poll() is None:
        try:
            await client.start_tcp("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            return
    raise AssertionError("the server ended")


def test_characters_are_counted_as_the_client_wants(tmp_path):
    async def scenario(encoding, character):
        from pytest_lsp import ClientServerConfig

        client = await ClientServerConfig(server_command=[sys.executable, "-P", "-m", "thanosql_lsp"]).start()
        general = types.GeneralClientCapabilities(position_encodings=[encoding])
        hello = types.InitializeParams(types.ClientCapabilities(general=general), root_uri=tmp_path.as_uri())
        answer = await client.initialize_session(hello)
        assert answer.capabilities.position_encoding == encoding
        item = types.TextDocumentItem(
            "untitled:a", "thanosql", 1, "SELECT '고😀', ima FROM (SELECT 1 AS image_path)"
        )
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        found = await client.text_document_completion_async(
            types.CompletionParams(
                types.TextDocumentIdentifier("untitled:a"), types.Position(0, character + 3)
            )
        )
        edit = next(one for one in found.items if one.label == "image_path").text_edit
        assert edit.range == types.Range(types.Position(0, character), types.Position(0, character + 3))
        await client.shutdown_session()
        await client.stop()

    for encoding, character in (("utf-8", 18), ("utf-16", 14), ("utf-32", 13)):
        asyncio.run(asyncio.wait_for(scenario(encoding, character), 60))


def test_a_handler_that_fails_is_logged_and_the_next_request_is_answered(tmp_path):
    code = (
        "from thanosql_lsp.features import build\n"
        "import thanosql_lsp.handlers.completion as completion\n"
        "right = completion.complete\n"
        "def wrong(ls, params):\n"
        "    completion.complete = right\n"
        "    raise RuntimeError('broken on purpose')\n"
        "completion.complete = wrong\n"
        "build().start_io()\n"
    )

    async def scenario():
        from pytest_lsp import ClientServerConfig

        log = tmp_path / "log"
        config = ClientServerConfig(
            server_command=["sh", "-c", f'exec "{sys.executable}" -c "$0" 2> {log}', code]
        )
        client = await config.start()
        hello = types.InitializeParams(types.ClientCapabilities(), root_uri=tmp_path.as_uri())
        await client.initialize_session(hello)
        item = types.TextDocumentItem("untitled:a", "thanosql", 1, "")
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        params = types.CompletionParams(types.TextDocumentIdentifier("untitled:a"), types.Position(0, 0))
        assert await client.text_document_completion_async(params) is None
        assert (await client.text_document_completion_async(params)).items
        await client.shutdown_session()
        await client.stop()
        assert "broken on purpose" in log.read_text()

    asyncio.run(asyncio.wait_for(scenario(), 60))


def test_a_refusal_is_an_answer_and_not_a_fault_in_the_log(tmp_path):
    log = tmp_path / "log"
    server = subprocess.Popen(
        [sys.executable, "-P", "-m", "thanosql_lsp", "--log-file", str(log)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    item = {"uri": "untitled:a", "languageId": "thanosql", "version": 1, "text": "SELECT price FROM t"}
    place = {"textDocument": {"uri": "untitled:a"}, "position": {"line": 0, "character": 8}}
    answers, _ = server.communicate(
        messages(
            {
                "id": 1,
                "method": "initialize",
                "params": {"processId": None, "rootUri": None, "capabilities": {}},
            },
            {"method": "initialized", "params": {}},
            {"method": "textDocument/didOpen", "params": {"textDocument": item}},
            {"id": 2, "method": "textDocument/rename", "params": {**place, "newName": "cost"}},
            {"id": 3, "method": "shutdown"},
            {"method": "exit"},
        ),
        timeout=60,
    )
    assert b"is a column of the data" in answers
    assert str(types.LSPErrorCodes.RequestFailed.value).encode() in answers
    assert log.read_text() == ""


def messages(*found):
    """Messages as they go over the wire."""
    bodies = [json.dumps({"jsonrpc": "2.0", **message}) for message in found]
    return "".join(f"Content-Length: {len(body)}\r\n\r\n{body}" for body in bodies).encode()


def test_the_log_never_holds_a_cell(tmp_path):
    log = tmp_path / "server.log"
    server = subprocess.Popen(
        [sys.executable, "-P", "-m", "thanosql_lsp", "--log-level", "debug", "--log-file", str(log)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    item = {
        "uri": "untitled:a",
        "languageId": "thanosql",
        "version": 1,
        "text": "%thanosql API_TOKEN=secret; SELECT",
    }
    server.communicate(
        messages(
            {
                "id": 1,
                "method": "initialize",
                "params": {"processId": None, "rootUri": None, "capabilities": {}},
            },
            {"method": "initialized", "params": {}},
            {"method": "textDocument/didOpen", "params": {"textDocument": item}},
            {"method": "textDocument/didOpen", "params": {"textDocument": {"text": "secret"}}},
            {"id": 2, "method": "textDocument/hover", "params": {"text": "secret"}},
            {"id": 3, "method": "shutdown"},
            {"method": "exit"},
        ),
        timeout=60,
    )
    assert "secret" not in log.read_text()


def test_the_server_ends_when_its_editor_is_gone():
    server = subprocess.Popen(
        [sys.executable, "-P", "-m", "thanosql_lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    server.communicate(b"", timeout=60)
    assert server.returncode == 0


OURS = "thanosql-language-server"


def waits_of_readers(**config):
    """How jupyter-lsp polls our server and another one that it starts, by their names."""
    manager_module = pytest.importorskip("jupyter_lsp.manager")
    from traitlets.config import Config

    other = {
        "version": 2,
        "argv": [sys.executable, "-c", "input()"],
        "languages": ["other"],
        "mime_types": ["text/x-other"],
    }
    manager = manager_module.LanguageServerManager(config=Config(config), language_servers={"other": other})

    async def start():
        manager.initialize()
        found = {}
        for name in (OURS, "other"):
            session = manager.sessions[name]
            session.initialize()
            found[name] = (session.reader.min_wait, session.reader.next_wait, session.reader.max_wait)
            session.stop()
        return found

    return asyncio.run(start())


def test_jupyter_lsp_finds_the_server():
    (entry,) = importlib.metadata.entry_points(group="jupyter_lsp_spec_v1", name=OURS)
    manager_module = pytest.importorskip("jupyter_lsp.manager")
    manager = manager_module.LanguageServerManager()
    described = entry.load()(manager)[OURS]
    assert described["mime_types"] == ["text/x-thanosql"]
    assert described["requires_documents_on_disk"] is False
    version = subprocess.run([*described["argv"], "--version"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith("thanosql-language-server ")


def test_jupyter_lsp_polls_our_server_fast_and_another_one_as_it_does_by_itself():
    stdio = pytest.importorskip("jupyter_lsp.stdio")
    waits = waits_of_readers()
    plain = stdio.LspStdIoReader()
    assert max(waits[OURS]) <= 0.005
    assert waits["other"] == (plain.min_wait, plain.next_wait, plain.max_wait)
    assert min(waits["other"]) >= 0.05


def test_words_begun_inside_quotes_are_completed_unless_the_client_has_them_elsewhere(tmp_path):
    async def offered(options):
        from pytest_lsp import ClientServerConfig

        command = [sys.executable, "-P", "-m", "thanosql_lsp", *options]
        client = await ClientServerConfig(server_command=command).start()
        await client.initialize_session(
            types.InitializeParams(types.ClientCapabilities(), root_uri=tmp_path.as_uri())
        )
        labels = []
        for text in (
            "CONVERT USING mini OPTIONS(convert_type='im",
            "CONVERT USING mini OPTIONS(convert_type='",
        ):
            uri = f"untitled:{len(text)}"
            client.text_document_did_open(
                types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "thanosql", 1, text))
            )
            place = types.TextDocumentIdentifier(uri), types.Position(0, len(text))
            found = await client.text_document_completion_async(types.CompletionParams(*place))
            labels.append([one.label for one in found.items] if found else [])
        await client.shutdown_session()
        await client.stop()
        return labels

    for options, begun in ([], ["image"]), (["--strings-elsewhere"], []):
        found = asyncio.run(asyncio.wait_for(offered(options), 60))
        assert found == [begun, ["image", "text", "video"]]


def test_waits_that_the_user_has_set_are_left_alone():
    waits = waits_of_readers(LspStdIoReader={"max_wait": 3.0})
    assert [max_wait for _, _, max_wait in waits.values()] == [3.0, 3.0]


def test_the_console_script_is_installed():
    script = Path(sys.executable).with_name("thanosql-language-server")
    if not script.exists():
        pytest.skip("the script thanosql-language-server is not beside Python: pip install -e .")
    subprocess.run([script, "--version"], check=True, capture_output=True, env={**os.environ})
