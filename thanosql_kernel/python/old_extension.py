"""``%load_ext thanosql``, as notebooks of the old service begin; the wheel has this as the module ``thanosql``."""

from __future__ import annotations

from thanosql_kernel import load_ipython_extension, unload_ipython_extension

__all__ = ["load_ipython_extension", "unload_ipython_extension"]
