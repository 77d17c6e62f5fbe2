"""Some photos are near to any text and come up for every query; their vectors are to say so, and stand back a little.

A photo's score loses `WEIGHT` times its nearness to texts in general, as in nearest neighbour normalization (N. Chowdhury
et al., https://arxiv.org/abs/2410.24114), but within the cosine: the 511 numbers of a photo are followed by one that is the
smaller the nearer it is, the 511 of a text by one that is the same for all. The nearness is the logarithm of the sum
of exp(`SHARPNESS` x cosine) over a bank of training captions: a smooth form of the mean of the nearest ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from mini_train import Head

WEIGHT = 0.37
"""On short class names and concepts, in English and Korean, half as much again begins to cost what captions gain."""
SHARPNESS = 20.0
CONSTANT = 0.2
"""The last number of every text: large enough that the photos' stay small beside their length, small enough that the
cosines stay what they are to 2 %."""
BANK = 4096


@dataclass(frozen=True)
class Hubs:
    """What the image graph needs to know how near a photo is to texts in general.

    Attributes:
        bank: unit vectors of training captions (k, 511).
        mean: what training photos have of nearness on average.
    """

    bank: torch.Tensor
    mean: float

    @property
    def gain(self) -> float:
        """By what a photo's nearness beyond the mean is multiplied to be its last number, negative."""
        share = (1 - CONSTANT**2) ** 0.5 / CONSTANT
        return WEIGHT * share / SHARPNESS

    @classmethod
    def find(cls, image: torch.Tensor, text: torch.Tensor) -> Hubs:
        """From unit vectors of training photos (n, 511), and of one caption of each (n, 511)."""
        chosen = torch.randperm(len(text), generator=torch.Generator().manual_seed(0))[:BANK]
        bank = text[chosen]
        near = torch.cat([torch.logsumexp(SHARPNESS * part @ bank.T, 1) for part in image.split(512)])
        return cls(bank, float(near.mean()))


def without_least(image: Head, text: Head, vectors: torch.Tensor) -> tuple[Head, Head]:
    """The heads without the direction of the shared space that vectors (n, 512) use least: 511 numbers."""
    _, directions = torch.linalg.eigh((vectors.T @ vectors).double())
    kept = directions[:, 1:].T.float()
    return _turned(image, kept), _turned(text, kept)


def _turned(head: Head, onto: torch.Tensor) -> Head:
    turned = Head(head.linear.in_features, head.hidden.out_features, len(onto), 0.0)
    turned.hidden = head.hidden
    with torch.no_grad():
        turned.linear.weight.copy_(onto @ head.linear.weight)
        turned.out.weight.copy_(onto @ head.out.weight)
    return turned.eval()


def corrected(vectors: torch.Tensor, hubs: Hubs) -> torch.Tensor:
    """Photos' vectors (n, 511) with their last number, of length one (n, 512): what the graph computes."""
    near = torch.logsumexp(SHARPNESS * vectors @ hubs.bank.T, 1, keepdim=True)
    return F.normalize(torch.cat([vectors, (hubs.mean - near) * hubs.gain], dim=1), dim=1)
