"""An image tower whose matrices are bfloat16, where the processor multiplies these faster than float32."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any


def multiplies_bfloat16(device: str) -> bool:
    """Whether the device has instructions for bfloat16 matrix products; emulated they are slower than float32."""
    import torch

    kind = torch.device(device).type
    if kind == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if kind != "cpu":
        return False
    has: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(has.get("avx512_bf16") or has.get("amx_bf16"))


class Halves:
    """The matrices of an image tower twice, in bfloat16 and as they were loaded; the tower uses the former.

    Args:
        model: Of transformers.
        keeps_exact: Whether the others are kept: graphs are made of them and held against them.
    """

    def __init__(self, model: Any, *, keeps_exact: bool) -> None:
        import torch

        towers = [getattr(model, name, None) for name in ("vision_model", "visual_projection")]
        parts = [part for tower in towers if tower is not None for part in tower.modules()]
        wide = [part for part in parts if isinstance(part, (torch.nn.Linear, torch.nn.Conv2d))]
        tensors = [tensor for part in wide for tensor in part.parameters(recurse=False)]
        self._exact = [tensor.data for tensor in tensors] if keeps_exact else None
        self._tensors = tensors
        for tensor in tensors:
            tensor.data = tensor.data.to(torch.bfloat16)

    @contextlib.contextmanager
    def exact(self) -> Iterator[None]:
        """The tower uses the matrices as they were loaded."""
        assert self._exact is not None
        halved = [tensor.data for tensor in self._tensors]
        self._put(self._exact)
        try:
            yield
        finally:
            self._put(halved)

    def _put(self, numbers: list[Any]) -> None:
        for tensor, data in zip(self._tensors, numbers, strict=True):
            tensor.data = data
