"""The widget to browse pictures over the wire: a client does what a front end does, also while a cell runs."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from live_kernel import REAL, live_kernel

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

    def is_label(self, text):
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


def test_the_page_becomes_a_strip_when_a_front_end_shows_the_widget(widget, kernel):
    view = widget.answer.contents("display_data")[1]["data"][VIEW_MIME]["model_id"]
    widget.set(view, _view_count=1)
    while (message := kernel.client.get_iopub_msg(timeout=60))["msg_type"] != "update_display_data":
        pass
    first = widget.answer.contents("display_data")[0]
    assert message["content"]["transient"]["display_id"] == first["transient"]["display_id"]


def test_chosen_pictures_become_a_table(widget, kernel):
    first, second = (
        widget.find(_model_name="CheckboxModel", description=d) for d in descriptions(widget)[:2]
    )
    widget.set(second, value=True)
    widget.set(first, value=True)
    widget.wait(widget.is_label("2 chosen"))
    widget.click(widget.find(_model_name="ButtonModel", description="Store"))
    widget.wait(widget.is_label("2 rows stored as table picked"))
    assert kernel.run("SELECT count(*) AS n FROM picked").plain == ["n\n-\n2\n1 row"]


def descriptions(widget):
    """The texts beside the boxes, best first."""
    boxes = [state for state in widget.states.values() if state["_model_name"] == "CheckboxModel"]
    return sorted(
        (state["description"] for state in boxes if state["description"]), key=lambda d: int(d.split()[0])
    )


def test_typing_searches_and_a_slider_moves_while_a_cell_runs(widget, kernel):
    running = kernel.send(SLOW)
    kernel.wait_for(running, lambda message: message["msg_type"] == "execute_input")
    widget.set(widget.find(_model_name="IntSliderModel"), value=256)
    widget.wait(lambda model, state: "256px" in str(state.get("grid_template_columns")))
    widget.set(widget.find(_model_name="TextModel", description="Search"), value="it's blue")
    widget.wait(widget.is_label("shown: it's blue"))
    widget.set(widget.find(_model_name="TextModel", description="Search"), value="초록")
    widget.wait(widget.is_label("shown: 초록"))
    kernel.manager.interrupt_kernel()
    assert kernel._reply(running)["content"]["ename"] == "KeyboardInterrupt"
    assert kernel.run("SELECT 1 AS a").plain == ["a\n-\n1\n1 row"]


def test_the_search_answers_while_a_convert_embeds(widget, kernel):
    running = kernel.send("CONVERT USING mini AS SELECT * FROM slow")
    kernel.wait_for(running, lambda message: message["msg_type"] == "stream")  # its progress is seen
    widget.set(widget.find(_model_name="TextModel", description="Search"), value="노란색")
    widget.wait(widget.is_label("shown: 노란색"))
    kernel.manager.interrupt_kernel()
    assert kernel._reply(running)["content"]["ename"] == "KeyboardInterrupt"


def test_a_widget_that_nobody_shows_leaves_the_console_its_text(widget):
    assert widget.answer.plain[1] == "(a notebook browses them here, 20 a page)"
