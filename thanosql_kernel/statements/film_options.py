"""What CONVERT may be told of films: which frames stand for them."""

from __future__ import annotations

from collections.abc import Iterator

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.errors import ParseError, ThanoSQLError
from thanosql_kernel.films.sampling import LEAST_S, MOST_S, Sampling
from thanosql_kernel.statements.foresight import Columns
from thanosql_kernel.statements.options import Option, Options
from thanosql_kernel.wording import films, statements
from thanosql_kernel.wording.grammar import TS103, TS104

VIDEO_COL = Option("video_col", "text", statements.VIDEO_COL, default="video_path", role="column")
#: Of frames; told of films alone.
FRAME_OPTIONS = (
    Option("interval", "number", films.INTERVAL),
    Option("scenes", "boolean", films.SCENES, default=False),
)


def sampling_of(columns: Columns, name: str) -> Sampling | None:
    """Which frames stand for the films that a column refers to; None of one that is not there, or of none."""
    column = find_column(columns or (), name)
    made = column.generated if column is not None else None
    try:
        return Sampling.decoded(made.sampling) if made is not None and made.sampling else None
    except ValueError:
        return None


def given_sampling(options: Options) -> Sampling | None:
    """Which frames a statement asks for; None if it does not say it."""
    if options.assignment("interval") is None and options.assignment("scenes") is None:
        return None
    seconds = options.value("interval")
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    return Sampling.of(float(seconds) if is_number else None, options.flag("scenes"))  # type: ignore[arg-type]


def frame_problems(options: Options, kind: str) -> Iterator[ThanoSQLError]:
    """Frames of what is no film, and such as no film has."""
    for option in FRAME_OPTIONS:
        span = options.given_span(option.name)
        if span is None or kind == "video":
            continue
        message = films.FRAMES_OF_NO_FILM(option=option.name)
        yield ParseError(message, code="TS104", span=span, hint=films.NAME_VIDEO_COL())
    if kind != "video":
        return
    seconds, span = options.value("interval"), options.given_span("interval")
    if isinstance(seconds, int | float) and not isinstance(seconds, bool):
        if seconds < LEAST_S:
            yield ParseError(TS103.AT_LEAST(name="interval", minimum=LEAST_S), span=span)
        elif seconds > MOST_S:
            yield ParseError(TS103.AT_MOST(name="interval", maximum=f"{MOST_S:g}"), span=span)
    if (views := options.given_span("views")) is not None:
        yield ParseError(films.VIEWS_OF_FILMS(), code="TS104", span=views, hint=TS104.LEAVE_VIEWS_OUT())


def written(sampling: str) -> list[str]:
    """The options that say it again."""
    try:
        it = Sampling.decoded(sampling)
    except ValueError:
        return []
    return [*(["scenes=True"] if it.scenes else []), f"interval={it.seconds}"]


def refers_to_films(column: Column) -> bool:
    """Whether a column says which frames stand for films."""
    return column.generated is not None and column.generated.kind == "video"


def with_frames(made: str, sampling: str) -> str:
    """Who made a column, and which frames stand for its films."""
    try:
        it = Sampling.decoded(sampling)
    except ValueError:
        return made
    return (films.AT_SCENES if it.scenes else films.EVERY)(made=made, seconds=it.seconds)
