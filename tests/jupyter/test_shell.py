"""What the shell does about the base class's warnings."""

from __future__ import annotations

import gc
import warnings
from functools import partial

from ipykernel.utils import _async_in_context

from thanosql_kernel.jupyter.shell import drop_quietly_what_a_subshell_leaves


async def _work() -> None:
    """Nothing."""


def test_a_message_that_a_closed_subshell_never_took_is_dropped_quietly() -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        drop_quietly_what_a_subshell_leaves()
        waiting = _async_in_context(partial(_work))()
        del waiting
        other = _work()
        del other
        gc.collect()
    assert ["_work" in str(warning.message) for warning in told] == [True]
