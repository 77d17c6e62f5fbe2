"""Some photos are near to any text and come up for every query; their vectors are to say so, and stand back a little.

A photo's score loses `WEIGHT` times its nearness to texts in general, as in nearest neighbour normalization
(N. Chowdhury et al., https://arxiv.org/abs/2410.24114), but within the cosine: the 511 numbers of a photo are followed
by one that is the smaller the nearer it is, the 511 of a text by one that is the same for all. The nearness is the
logarithm of the sum of exp(`SHARPNESS` x cosine) over a bank of training captions: a smooth form of the mean of the
nearest ones.
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
        kept: takes the heads' 512 numbers to the 511 that are kept (511, 512).
        bank: unit vectors of training captions (k, 511).
        mean: what training photos have of nearness on average.
    """

    kept: torch.Tensor
    bank: torch.Tensor
    mean: float

    @property
    def gain(self) -> float:
        """By what a photo's nearness beyond the mean is multiplied to be its last number, negative."""
        share = (1 - CONSTANT**2) ** 0.5 / CONSTANT
        return WEIGHT * share / SHARPNESS

    @classmethod
    def find(cls, image: torch.Tensor, text: torch.Tensor) -> Hubs:
        """From the heads' vectors of training photos (n, 512), and of one caption of each (n, 512).

        What is not kept is the direction that they use least.
        """
        vectors = torch.cat([image, text])
        _, directions = torch.linalg.eigh((vectors.T @ vectors).double())
        kept = directions[:, 1:].T.float()
        chosen = torch.randperm(len(text), generator=torch.Generator().manual_seed(0))[:BANK]
        bank = F.normalize(text[chosen] @ kept.T, dim=1)
        photos = F.normalize(image @ kept.T, dim=1)
        near = torch.cat([torch.logsumexp(SHARPNESS * part @ bank.T, 1) for part in photos.split(512)])
        return cls(kept, bank, float(near.mean()))

    def turned(self, head: Head) -> Head:
        """A head that gives the 511 numbers that are kept."""
        turned = Head(head.linear.in_features, head.hidden.out_features, len(self.kept), 0.0)
        turned.hidden = head.hidden
        with torch.no_grad():
            turned.linear.weight.copy_(self.kept @ head.linear.weight)
            turned.out.weight.copy_(self.kept @ head.out.weight)
        return turned.eval()

    def corrected(self, vectors: torch.Tensor) -> torch.Tensor:
        """The image head's vectors (n, 512) as the graph gives them: 511 numbers and the last, of length one."""
        photos = F.normalize(vectors @ self.kept.T, dim=1)
        near = torch.logsumexp(SHARPNESS * photos @ self.bank.T, 1, keepdim=True)
        return F.normalize(torch.cat([photos, (self.mean - near) * self.gain], dim=1), dim=1)
