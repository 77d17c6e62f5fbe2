"""What is known of a picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Metadata:
    """What a picture says of itself; None where it says nothing, or nothing that can be.

    Attributes:
        taken_at: When it was taken, as the camera's clock showed it, to the microsecond; never shifted.
        taken_offset: What that clock was ahead of UTC, as ``+09:00``.
        width: Pixels, of the picture held upright.
        height: Pixels.
        camera: Maker and model.
        latitude: Degrees, south is negative; None unless the longitude is known, too.
        longitude: Degrees, west is negative.
    """

    taken_at: datetime | None = None
    taken_offset: str | None = None
    width: int | None = None
    height: int | None = None
    camera: str | None = None
    latitude: float | None = None
    longitude: float | None = None
