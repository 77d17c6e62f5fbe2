"""JPEG XL, bare or in boxes, by libjxl."""

from __future__ import annotations

from typing import Any

from PIL import Image, ImageFile

HEADS = (b"\xff\x0a", b"\x00\x00\x00\x0cJXL \r\n\x87\n")
_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


class JpegXlImageFile(ImageFile.ImageFile):
    """A JPEG XL whose size is known at once and whose pixels are decoded when they are wanted, upright."""

    format = "JXL"
    format_description = "JPEG XL"

    def _open(self) -> None:
        import pylibjxl

        assert self.fp is not None
        self._content = self.fp.read()
        info = pylibjxl.probe(self._content)
        if info["channels"] not in _MODES:
            raise SyntaxError(f"{info['channels']} channels")
        self._size = info["width"], info["height"]
        self._mode = _MODES[info["channels"]]
        self.tile = []

    def load(self) -> Any:
        """Decode; the orientation is applied by libjxl, so that of EXIF says nothing."""
        if self._content:
            import pylibjxl

            samples, told = pylibjxl.decode(self._content, metadata=True)
            self._content = b""
            image = Image.fromarray(samples.squeeze())
            self.im, self._mode, self._size = image.im, image.mode, image.size
            if profile := told.get("icc"):
                self.info["icc_profile"] = profile
        return super().load()
