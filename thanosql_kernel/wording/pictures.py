"""Pictures, tables and widgets in a notebook."""

from __future__ import annotations
