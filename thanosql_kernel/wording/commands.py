"""The command line, `doctor`, the welcome, Python."""

from __future__ import annotations
