"""The widget to browse pictures over the wire: a client does what a front end does, also while a cell runs."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from live_kernel import REAL, live_kernel

from thanosql_kernel.wording import pictures

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

VIEW_MIME = "application/vnd.jupyter.widget-view+json"
COLOURS = ["red", "green", "blue", "yellow", "black", "white", "orange", "purple"]
SLOW = "SELECT sum(sqrt(a.range * b.range)) FROM range(3000000) a, range(3000000) b"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("그림")
    for colour in COLOURS:
        Image.new("RGB", (64, 48), colour).save(folder / f"{colour}.png")
    (folder / "slow").mkdir()
    buffer = io.BytesIO()
    Image.new("RGB", (6000, 4000), "teal").save(buffer, "PNG")
    for number in range(200):  # what follows a PNG's end is not decoded, but makes it another file
        (folder / "slow" / f"{number}.png").write_bytes(buffer.getvalue() + str(number).encode())
    with live_kernel(REAL, folder) as live:
        rows = ", ".join(f"('{colour}.png')" for colour in COLOURS)
        live.run(f"CREATE TABLE photos AS SELECT * FROM (VALUES {rows}) AS t(image_path)")
        live.run("CONVERT USING mini AS SELECT * FROM photos; COPY slow FROM 'slow'")
        yield live


class FrontEnd:
    """The widgets that a cell opened, by what they are."""

    def __init__(self, kernel, code):
        self.kernel = kernel
        self.answer = kernel.run(code)
        opened = self.answer.contents("comm_open")
        self.states = {content["comm_id"]: content["data"]["state"] for content in opened}
        for content in self.answer.contents("comm_msg"):
            self.states[content["comm_id"]].update(content["data"]["state"])

    def find(self, **traits):
        return next(
            model
            for model, state in self.states.items()
            if all(state.get(name) == value for name, value in traits.items())
        )

    def say(self, model, data):
        message = self.kernel.client.session.msg("comm_msg", {"comm_id": model, "data": data})
        self.kernel.client.shell_channel.send(message)

    def set(self, model, **state):
        self.say(model, {"method": "update", "state": state, "buffer_paths": []})

    def click(self, model):
        self.say(model, {"method": "custom", "content": {"event": "click"}})

    def wait(self, found):
        """Read messages until ``found(model, state)``; what the kernel says of other models is kept."""
        while True:
            message = self.kernel.client.get_iopub_msg(timeout=60)
            content = message["content"]
            if message["msg_type"] == "comm_msg" and content["data"].get("method") == "update":
                self.states[content["comm_id"]].update(content["data"]["state"])
                if found(content["comm_id"], content["data"]["state"]):
                    return content["data"]["state"]

    def is_text(self, text):
        return lambda model, state: text in str(state.get("value", "")) and len(str(state["value"])) < 200


@pytest.fixture
def widget(kernel):
    return FrontEnd(
        kernel,
        "PRINT IMAGE OPTIONS(format='widget') INTO picked AS SELECT image_path, s FROM "
        "(SEARCH IMAGE text='red' USING mini OPTIONS(result_col='s') AS SELECT * FROM photos)",
    )


def test_the_first_page_and_the_widget_are_two_outputs(widget):
    page, view = [part["data"] for part in widget.answer.contents("display_data")]
    assert page["text/html"].count("<img") == len(COLOURS)
    assert page["text/plain"].endswith("8 pictures")
    assert view[VIEW_MIME]["model_id"] in widget.states
    assert "text/html" not in view


def test_the_widget_has_what_hides_the_kept_page(widget):
    page = widget.answer.contents("display_data")[0]["data"]["text/html"]
    (name,) = re.findall(r"thanosql-page-\w+", page)
    assert any(f".{name}" in str(state.get("value")) for state in widget.states.values())


def test_chosen_pictures_become_a_table_that_is_replaced_only_when_the_user_says_so(widget, kernel):
    first, second = tiles(widget)[:2]
    widget.set(second, value=True)
    widget.set(first, value=True)
    widget.wait(widget.is_text("2 chosen"))
    store = widget.find(_model_name="ButtonModel", description="Store")
    widget.click(store)
    widget.wait(widget.is_text("2 rows stored as table picked. Next: <code>EXPORT picked TO"))
    widget.set(first, value=False)
    widget.wait(widget.is_text("1 chosen"))
    widget.click(store)
    widget.wait(widget.is_text("Replace it?"))
    assert count_of(kernel, "picked") == "2"
    widget.click(widget.find(_model_name="ButtonModel", description="Replace"))
    widget.wait(widget.is_text("1 row stored as table picked"))
    assert count_of(kernel, "picked") == "1"


def count_of(kernel, table):
    return kernel.run(f"SELECT count(*) AS n FROM {table}").plain[0].split("\n")[2]


def tiles(widget, part=1):
    """A part of each tile, best first: 1 is what chooses it, 2 what opens it large."""
    boxes = [state for state in widget.states.values() if "thanosql-tile" in state.get("_dom_classes", ())]
    return [box["children"][part].removeprefix("IPY_MODEL_") for box in boxes]


def test_a_picture_opens_large(widget):
    widget.click(tiles(widget, part=2)[0])
    large = widget.wait(lambda model, state: "thanosql-zoom" in str(state.get("value")))
    assert "data:image/webp;base64," in large["value"]


def test_typing_searches_and_a_slider_moves_while_a_cell_runs(widget, kernel):
    running = kernel.send(SLOW)
    kernel.wait_for(running, lambda message: message["msg_type"] == "execute_input")
    widget.set(widget.find(_model_name="IntSliderModel", description="Size"), value=300)
    widget.wait(lambda model, state: "--ratio:1.333;flex:1.333 1 399.9px;" in str(state.get("value")))
    widget.set(widget.find(_model_name="TextModel", description="Search"), value="it's blue")
    widget.wait(widget.is_text("Results for “it&#x27;s blue”"))
    widget.set(widget.find(_model_name="TextModel", description="Search"), value="초록")
    widget.wait(widget.is_text("Results for “초록”"))
    kernel.manager.interrupt_kernel()
    assert kernel._reply(running)["content"]["ename"] == "KeyboardInterrupt"
    assert kernel.run("SELECT 1 AS a").plain == ["a\n-\n1\n1 row"]


def test_the_search_answers_while_a_convert_embeds(widget, kernel):
    running = kernel.send("CONVERT USING mini AS SELECT * FROM slow")
    kernel.wait_for(running, lambda message: message["msg_type"] == "stream")  # its progress is seen
    widget.set(widget.find(_model_name="TextModel", description="Search"), value="노란색")
    widget.wait(widget.is_text("Results for “노란색”"))
    kernel.manager.interrupt_kernel()
    assert kernel._reply(running)["content"]["ename"] == "KeyboardInterrupt"


def test_a_widget_that_nobody_shows_leaves_the_console_its_text(widget):
    assert widget.answer.plain[1] == pictures.INSTALL_WIDGETS(pictures="8 pictures")
