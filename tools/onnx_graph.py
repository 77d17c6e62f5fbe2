"""Write the image side as an ONNX graph, node by node: no tracer, so the bytes depend on the weights only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
import torch
from lite2 import Block, Conv, same_padding
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8


EIGHT_BITS_FROM = 40_000
"""Weights with as many numbers are stored in 8 bits, one scale an output channel; smaller ones in 16."""


def quantised(weight: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric 8-bit weights (same shape) and the float32 scale of each output channel."""
    full = weight.detach().numpy()
    axes = tuple(range(1, full.ndim))
    scale = np.abs(full).max(axis=axes, keepdims=True).astype(np.float32) / 127
    return np.rint(full / np.maximum(scale, 1e-12)).astype(np.int8), scale


class Graph:
    """A growing graph; every method adds nodes and returns the name of their output.

    Weights are stored small and turned into float32 by nodes that ONNX Runtime folds while loading: a small
    file, float32 arithmetic.
    """

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []
        self._clip_bounds: tuple[str, str] | None = None

    def node(self, kind: str, inputs: Sequence[str], **attributes: object) -> str:
        name = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def constant(self, array: np.ndarray) -> str:
        name = f"c{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def weight(self, tensor: torch.Tensor, *, eight_bits: bool = True) -> str:
        """A float32 weight whose first axis is its output channels; large ones in 8 bits if they may be."""
        if tensor.numel() < EIGHT_BITS_FROM or not eight_bits:
            half = tensor.detach().numpy().astype(np.float16)
            return self.node("Cast", [self.constant(half)], to=TensorProto.FLOAT)
        stored, scale = quantised(tensor)
        integers = self.node("Cast", [self.constant(stored)], to=TensorProto.FLOAT)
        return self.node("Mul", [integers, self.constant(scale)])

    def conv(self, x: str, conv: Conv, side: int) -> tuple[str, int]:
        """One convolution on a square of the given side; also returns the side of its output."""
        kernel = conv.weight.shape[-1]
        before, after = same_padding(side, kernel, conv.stride)
        y = self.node(
            "Conv",
            [x, self.weight(conv.weight), self.weight(conv.bias)],
            kernel_shape=[kernel, kernel],
            strides=[conv.stride, conv.stride],
            pads=[before, before, after, after],
            group=conv.groups,
        )
        return (self.relu6(y) if conv.relu6 else y), -(-side // conv.stride)

    def relu6(self, x: str) -> str:
        if self._clip_bounds is None:
            self._clip_bounds = (self.constant(np.float32(0)), self.constant(np.float32(6)))
        return self.node("Clip", [x, *self._clip_bounds])

    def block(self, x: str, block: Block, side: int) -> tuple[str, int]:
        y = x
        for conv in block.convs:
            y, side = self.conv(y, conv, side)
        return (self.node("Add", [y, x]) if block.residual else y), side

    def pooled(self, x: str) -> str:
        """Mean over height and width: (n, c)."""
        return self.node("Flatten", [self.node("GlobalAveragePool", [x])])

    def standardised(self, x: str, mean: torch.Tensor, std: torch.Tensor, limit: float) -> str:
        """``(x - mean) / std`` held within +-limit."""
        centred = self.node("Sub", [x, self.constant(mean.numpy())])
        scaled = self.node("Div", [centred, self.constant(std.numpy())])
        bounds = self.constant(np.float32(-limit)), self.constant(np.float32(limit))
        return self.node("Clip", [scaled, *bounds])

    def linear(
        self, x: str, weight: torch.Tensor, bias: torch.Tensor | None = None, *, eight_bits: bool = True
    ) -> str:
        """``x @ weight.T + bias`` with weight (out, in)."""
        inputs = [x, self.weight(weight, eight_bits=eight_bits)] + (
            [] if bias is None else [self.constant(bias.detach().numpy())]
        )
        return self.node("Gemm", inputs, transB=1)

    def affine(self, x: str, factor: float, offset: float) -> str:
        """``factor * x + offset``."""
        scaled = self.node("Mul", [x, self.constant(np.float32(factor))])
        return self.node("Add", [scaled, self.constant(np.float32(offset))])

    def log_sum_exp(self, x: str) -> str:
        """The logarithm of the sum of each row's exponentials: (n, 1)."""
        return self.node("ReduceLogSumExp", [x], axes=[1], keepdims=1)

    def unit(self, x: str) -> str:
        """Rows scaled to length one."""
        return self.node("LpNormalization", [x], axis=1, p=2)

    def model(self, size: int, outputs: dict[str, tuple[str, list[int | str]]]) -> onnx.ModelProto:
        """Close the graph; outputs maps public names to (node output, shape)."""
        for public, (name, _) in outputs.items():
            self.nodes.append(helper.make_node("Identity", [name], [public], name=public))
        graph = helper.make_graph(
            self.nodes,
            "mini",
            [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, size, size])],
            [helper.make_tensor_value_info(k, TensorProto.FLOAT, s) for k, (_, s) in outputs.items()],
            self.initializers,
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="thanosql-kernel"
        )
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model)
        return model
