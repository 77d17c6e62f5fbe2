"""Progress bars as widgets: what is published, and when."""

from __future__ import annotations

import pytest

from thanosql_kernel.jupyter.cell_progress import CellProgress
from thanosql_kernel.jupyter.progress import LastLine, ProgressLine, TextProgress
from thanosql_kernel.jupyter.widgets.progress import PATIENCE_S, VIEW_MIME, WidgetBar, WidgetProgress


class Clock:
    now_s = 0.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sent():
    return []


@pytest.fixture
def cancelled():
    return []


@pytest.fixture
def progress(sent, cancelled, clock):
    made = WidgetProgress(lambda *message: sent.append(message), lambda: cancelled.append(True), clock)
    yield made
    made.close()


def last_text(sent):
    return sent[-1][1]["data"]["text/plain"]


def test_short_work_shows_nothing(progress, sent, clock):
    bar = progress.start("CONVERT", 10, "images")
    clock.now_s = 0.9
    bar.advance(10)
    bar.close()
    progress.close()
    assert sent == []


def test_a_bar_shows_share_rate_time_left_and_errors_after_a_second(progress, sent, clock):
    bar = progress.start("CONVERT", 1_000, "images")
    clock.now_s = 2.0
    bar.advance(250, errors=3)
    (kind, content) = sent[0]
    assert kind == "display_data"
    assert content["data"]["text/plain"] == "CONVERT …"
    assert VIEW_MIME in content["data"]
    row = progress._view.children[1].children[0]
    label, gauge, words = row.children
    assert (label.value, gauge.value) == ("CONVERT", 0.25)
    assert words.value == "250/1,000 images, 125 images/s, 0:06 left, 3 unreadable"
    bar.close()


def test_the_end_of_the_cell_leaves_one_line_a_bar_and_no_widget(progress, sent, clock):
    first = progress.start("Loading <clip>", None, "")
    clock.now_s = 1.5
    first.appear()
    progress._view._view_count = 1
    first.close()
    second = progress.start("CONVERT", 10, "images")
    clock.now_s = 6.5
    second.advance(10)
    second.close()
    view = progress._view
    progress.close()
    assert [kind for kind, _ in sent] == ["display_data", "update_display_data"]
    data = sent[1][1]["data"]
    assert data["text/plain"] == "Loading <clip> …, 0:02\nCONVERT 10/10 images, 2.0 images/s, 0:05"
    assert "Loading &lt;clip&gt;" in data["text/html"]
    assert VIEW_MIME not in data
    assert sent[0][1]["transient"] == sent[1][1]["transient"]
    assert view.comm is None
    progress.close()
    assert len(sent) == 2


def test_the_button_cancels_once(progress, cancelled, clock):
    bar = progress.start("CONVERT", 10, "images")
    clock.now_s = 2.0
    bar.advance()
    button = progress._view.children[0]
    button.click()
    assert cancelled == [True]
    assert button.disabled
    bar.close()


def test_a_front_end_that_shows_no_widget_is_told_in_words(progress, sent, clock):
    bar = progress.start("CONVERT", 100, "images")
    clock.now_s = 2.0
    bar.advance(10)
    clock.now_s += PATIENCE_S + 0.5
    bar.advance(10)
    assert sent[-1][0] == "update_display_data"
    assert last_text(sent) == "CONVERT 20/100 images, 3.6 images/s, 0:22 left"
    clock.now_s += 0.5
    bar.advance(10)
    assert len(sent) == 2
    bar.close()


def test_a_front_end_that_shows_the_widget_is_not(progress, sent, clock):
    bar = progress.start("CONVERT", 100, "images")
    clock.now_s = 2.0
    bar.advance(10)
    progress._view._view_count = 1
    clock.now_s += PATIENCE_S + 0.5
    bar.advance(10)
    assert len(sent) == 1
    bar.close()


@pytest.mark.parametrize(
    ("mode", "automatic", "kind"),
    [
        ("auto", "widget", WidgetBar),
        ("auto", "text", ProgressLine),
        ("widget", "text", WidgetBar),
        ("text", "widget", ProgressLine),
        ("OFF", "widget", None),
    ],
)
def test_the_setting_and_the_front_end_choose_the_bar(sent, progress, mode, automatic, kind):
    text = TextProgress(rewrites=True)
    cell = CellProgress(lambda: mode, widgets=progress, text=text, automatic=automatic)
    bar = cell.start("CONVERT", 1, "images")
    assert isinstance(bar, kind) if kind else not isinstance(bar, (WidgetBar, ProgressLine))
    bar.advance()
    bar.close()
    cell.close()
    assert sent == []


def test_where_nothing_draws_widgets_there_is_a_line():
    text = TextProgress(rewrites=False)
    cell = CellProgress(lambda: "widget", widgets=None, text=text, automatic="text")
    bar = cell.start("CONVERT", 1, "images")
    assert isinstance(bar, LastLine)
    bar.close()
    cell.close()


def test_bars_leave_no_widget_alive_not_even_those_that_work_given_up_goes_on_with(progress, sent, clock):
    from ipywidgets.widgets import widget

    before = set(widget._instances)
    bars = [progress.start(f"COPY {number}", 10, "rows") for number in range(5)]
    clock.now_s = 2.0
    for bar in bars:
        bar.advance(5)
    while_shown = len(widget._instances) - len(before)
    bars[0].close()
    assert len(widget._instances) - len(before) == while_shown - 11
    progress.close()
    assert set(widget._instances) == before
    told = len(sent)
    clock.now_s = 9.0
    bars[1].advance(5)
    bars[1].close()
    progress.start("CONVERT", 10, "images").appear()
    assert set(widget._instances) == before
    assert len(sent) == told
