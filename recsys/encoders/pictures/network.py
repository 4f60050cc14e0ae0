"""EfficientNet-Lite0 as a torch module, by the names of the published weights: what the ONNX graph is checked against.

Tan & Le, "EfficientNet", ICML 2019; the Lite variants (Google, 2020) leave out squeeze-and-excitation and use ReLU6.
Torch is loaded when a network is made; used at preparation and to compare speeds only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from recsys.errors import ModelError

EPSILON: Final = 1e-3  # of the batch normalisations
STEM: Final = 32
HEAD: Final = 1280


@dataclass(frozen=True, slots=True)
class Block:
    """An inverted residual block: widen, filter each channel, narrow."""

    kernel: int
    stride: int
    widened: int  # times
    taken: int  # channels that come in
    given: int  # channels that go out

    @property
    def residual(self) -> bool:
        """Whether what came in is added to what goes out."""
        return self.stride == 1 and self.taken == self.given


def _blocks() -> tuple[Block, ...]:
    """The blocks in order; the first of each stage changes size and channels."""
    stages = (  # repeated, kernel, stride, widened, channels in, channels out
        (1, 3, 1, 1, 32, 16),
        (2, 3, 2, 6, 16, 24),
        (2, 5, 2, 6, 24, 40),
        (3, 3, 2, 6, 40, 80),
        (3, 5, 1, 6, 80, 112),
        (4, 5, 2, 6, 112, 192),
        (1, 3, 1, 6, 192, 320),
    )
    found = []
    for repeated, kernel, stride, widened, taken, given in stages:
        found += [Block(kernel, stride, widened, taken, given)]
        found += [Block(kernel, 1, widened, given, given)] * (repeated - 1)
    return tuple(found)


BLOCKS: Final = _blocks()


# What is seen on the way to the head: the means over places after these blocks (colours and textures early, parts of
# things late), and after one of them the means of GRID x GRID places, which say where in the picture it is. On
# validation, of the five nearest by what a small network learns from them: same type .715 by the head alone, .729
# with the means, .755 with the grid; same colour .40 and .45.
LOOKED_AT: Final = (4, 7, 14, 15)
GRIDDED: Final = 10
GRID: Final = 4
DIMENSION: Final = (
    HEAD + sum(BLOCKS[number].given for number in LOOKED_AT) + GRID * GRID * BLOCKS[GRIDDED].given
)  # 3,704


def grid_of(side: int) -> tuple[int, int]:
    """(kernel, step) of a pooling that makes GRID x GRID cells of a square of `side`, overlapping a little."""
    step = (side - 1) // GRID
    return side - (GRID - 1) * step, step


def same_padding(side: int, kernel: int, stride: int) -> tuple[int, int]:
    """(before, after) zeros at a side so that ceil(side / stride) come out: TensorFlow's SAME, the odd one after."""
    whole = max((-(-side // stride) - 1) * stride + kernel - side, 0)
    return whole // 2, whole - whole // 2


def made(tensors: Mapping[str, Any]) -> Any:
    """The network in evaluation mode: (b, 3, side, side) normalised -> (b, DIMENSION): head, means and grid in order.

    Raises ModelError when the tensors are not those of EfficientNet-Lite0.
    """
    import torch
    from torch import nn

    class Same(nn.Conv2d):
        """A convolution padded as TensorFlow does."""

        def forward(self, x: Any) -> Any:
            (top, bottom), (left, right) = (
                same_padding(side, self.kernel_size[0], self.stride[0]) for side in x.shape[-2:]
            )
            return super().forward(nn.functional.pad(x, (left, right, top, bottom)))

    class Inverted(nn.Module):
        """One block."""

        def __init__(self, block: Block) -> None:
            super().__init__()
            wide = block.taken * block.widened
            self.block = block
            if block.widened > 1:
                self._expand_conv = Same(block.taken, wide, 1, bias=False)
                self._bn0 = nn.BatchNorm2d(wide, eps=EPSILON)
            self._depthwise_conv = Same(wide, wide, block.kernel, block.stride, groups=wide, bias=False)
            self._bn1 = nn.BatchNorm2d(wide, eps=EPSILON)
            self._project_conv = Same(wide, block.given, 1, bias=False)
            self._bn2 = nn.BatchNorm2d(block.given, eps=EPSILON)

        def forward(self, x: Any) -> Any:
            relu6 = nn.functional.relu6
            wide = relu6(self._bn0(self._expand_conv(x))) if self.block.widened > 1 else x
            narrow = self._bn2(self._project_conv(relu6(self._bn1(self._depthwise_conv(wide)))))
            return x + narrow if self.block.residual else narrow

    class Lite0(nn.Module):
        """Stem, blocks, head, and what is seen on the way."""

        def __init__(self) -> None:
            super().__init__()
            self._conv_stem = Same(3, STEM, 3, 2, bias=False)
            self._bn0 = nn.BatchNorm2d(STEM, eps=EPSILON)
            self._blocks = nn.ModuleList(Inverted(block) for block in BLOCKS)
            self._conv_head = Same(BLOCKS[-1].given, HEAD, 1, bias=False)
            self._bn1 = nn.BatchNorm2d(HEAD, eps=EPSILON)

        def forward(self, x: Any) -> Any:
            relu6 = nn.functional.relu6
            x = relu6(self._bn0(self._conv_stem(x)))
            seen = []
            for number, block in enumerate(self._blocks):
                x = block(x)
                if number in LOOKED_AT:
                    seen.append(x.mean((2, 3)))
                if number == GRIDDED:
                    seen.append(nn.functional.avg_pool2d(x, *grid_of(x.shape[-1])).flatten(1))
            return torch.cat([relu6(self._bn1(self._conv_head(x))).mean((2, 3)), *seen], dim=1)

    network = Lite0()
    kept = {name: tensor for name, tensor in tensors.items() if not name.startswith("_fc.")}  # names ImageNet's classes
    try:
        network.load_state_dict(kept)
    except RuntimeError as error:
        raise ModelError(
            f"the weights are not those of EfficientNet-Lite0: {' '.join(str(error).split())[:200]}"
        ) from error
    return network.eval().requires_grad_(False).to(torch.float32)
