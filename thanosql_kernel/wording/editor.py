"""Completion, hover, fixes, renames and whatever else an editor shows."""

from __future__ import annotations
