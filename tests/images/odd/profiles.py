"""ICC profiles of a matrix and a curve (ICC.1:2022), and what they make of colours, worked out here with NumPy."""

from __future__ import annotations

import struct

import numpy as np

D50, D65 = (0.3457, 0.3585), (0.3127, 0.3290)
PRIMARIES = {
    "ProPhoto": (((0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001)), D50, 1.8),
    "Display P3": (((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)), D65, 2.2),
    "Adobe RGB": (((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)), D65, 563 / 256),
    "BT.2020": (((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)), D65, 2.4),
}
SRGB = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def _xyz(x: float, y: float) -> np.ndarray:
    return np.array([x / y, 1.0, (1 - x - y) / y])


def matrix(primaries, white) -> np.ndarray:
    """Linear RGB to XYZ of D50, whites adapted by Bradford's cone responses."""
    columns = np.stack([_xyz(*it) for it in primaries], axis=1)
    columns = columns * np.linalg.solve(columns, _xyz(*white))
    gains = (_BRADFORD @ _xyz(*D50)) / (_BRADFORD @ _xyz(*white))
    return np.linalg.inv(_BRADFORD) @ np.diag(gains) @ _BRADFORD @ columns


def rgb_profile(name: str) -> bytes:
    """A display profile of that name."""
    primaries, white, gamma = PRIMARIES[name]
    columns = matrix(primaries, white).T
    curve = b"curv" + struct.pack(">IIH", 0, 1, round(gamma * 256))
    tags = {f"{letter}XYZ": _xyz_tag(column) for letter, column in zip("rgb", columns, strict=True)}
    return _profile(b"RGB ", tags | {f"{letter}TRC": curve for letter in "rgb"}, name)


def grey_profile(gamma: float) -> bytes:
    """A grey profile of one curve."""
    return _profile(b"GRAY", {"kTRC": b"curv" + struct.pack(">IIH", 0, 1, round(gamma * 256))}, "grey")


def _xyz_tag(values: np.ndarray) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(struct.pack(">i", round(float(it) * 65536)) for it in values)


def _profile(space: bytes, tags: dict[str, bytes], name: str) -> bytes:
    text = name.encode() + b"\0"
    described = b"desc" + struct.pack(">II", 0, len(text)) + text + bytes(78)
    all_tags = {
        "desc": described,
        "wtpt": _xyz_tag(_xyz(*D50)),
        "cprt": b"text" + bytes(4) + b"none\0",
        **tags,
    }
    table, data, start = b"", b"", 128 + 4 + 12 * len(all_tags)
    for tag, content in all_tags.items():
        table += tag.encode() + struct.pack(">II", start + len(data), len(content))
        data += content + bytes(-len(content) % 4)
    size = start + len(data)
    head = struct.pack(">I4sI4s4s4s", size, b"none", 0x02100000, b"mntr", space, b"XYZ ")
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + _xyz_tag(_xyz(*D50))[8:]
    return head.ljust(128, b"\0") + struct.pack(">I", len(all_tags)) + table + data


def _encoded(linear: np.ndarray) -> np.ndarray:
    """IEC 61966-2-1."""
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.power(linear, 1 / 2.4) - 0.055)


def rgb_in_srgb(levels: np.ndarray, name: str) -> np.ndarray:
    """sRGB levels (…, 3), 0 to 255, of levels of that profile."""
    primaries, white, gamma = PRIMARIES[name]
    gamma = round(gamma * 256) / 256
    linear = np.power(levels / 255.0, gamma) @ matrix(primaries, white).T
    return 255 * _encoded(linear @ np.linalg.inv(matrix(SRGB, D65)).T)


def grey_in_srgb(levels: np.ndarray, gamma: float) -> np.ndarray:
    """sRGB levels of grey levels of a curve."""
    return 255 * _encoded(np.power(levels / 255.0, gamma))
