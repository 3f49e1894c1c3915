"""Pictures of a kernel as PNG files, without a plotting library: its weights, |H|, and what it does to a test image.

Pictures show; they decide nothing, so here numbers are floats.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final

from symderiv.errors import SymderivError
from symderiv.kernels.grid import Kernel

Pixels = Any
"""A NumPy array of bytes: height × width for grey, height × width × 3 for colours."""

SIDE: Final = 160
"""Pixels along the side of a picture, about."""


def png(pixels: Pixels) -> bytes:
    """The bytes of a PNG file."""
    height, width = pixels.shape[:2]
    rows = pixels.reshape(height, -1)
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 2 if pixels.ndim == 3 else 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def weights_picture(kernel: Kernel) -> Pixels:
    """The weights as squares: red above 0, blue below, white for 0."""
    import numpy as np

    values = _values(kernel)
    scale = np.abs(values).max() or 1.0
    shade = values / scale
    faded = 255 * (1 - np.abs(shade))
    colours = np.stack([np.where(shade >= 0, 255, faded), faded, np.where(shade <= 0, 255, faded)], axis=-1)
    cell = max(4, SIDE // max(values.shape))
    large = np.kron(colours, np.ones((cell, cell, 1)))
    large[::cell, :, :] = large[:, ::cell, :] = 128
    return large.round().astype(np.uint8)


def spectrum_picture(kernel: Kernel) -> Pixels:
    """|H(u, v)| for −π ≤ u, v ≤ π, frequency 0 in the middle; white is the largest value."""
    import numpy as np

    values = _values(kernel)
    down, right = kernel.reach
    frequencies = np.linspace(-np.pi, np.pi, SIDE + 1)
    columns = np.exp(1j * np.outer(np.arange(-right, right + 1), frequencies))
    rows = np.exp(1j * np.outer(frequencies, np.arange(-down, down + 1)))
    size = np.abs(rows @ values @ columns)
    return (255 * size / (size.max() or 1.0)).round().astype(np.uint8)


def effect_picture(kernel: Kernel) -> Pixels:
    """The test image, and beside it what the kernel makes of it by cross-correlation; grey is 0 where answers are negative."""
    import numpy as np

    image = test_image()
    answer = correlated(image, _values(kernel))
    low, high = float(answer.min()), float(answer.max())
    if low < -1e-9:
        size = max(-low, high)
        shown = 127.5 + 127.5 * answer / size
    else:
        shown = 255 * answer / (high or 1.0)
    gap = np.full((SIDE, 6), 255.0)
    return np.hstack([255 * image, gap, shown]).round().clip(0, 255).astype(np.uint8)


def overview_picture(kernel: Kernel) -> Pixels:
    """The other pictures side by side."""
    import numpy as np

    strip = []
    for draw in (weights_picture, spectrum_picture, effect_picture):
        pixels = draw(kernel)
        coloured = pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2)
        down = max(0, SIDE + 1 - coloured.shape[0])
        strip.append(np.pad(coloured, ((down // 2, down - down // 2), (0, 12), (0, 0)), constant_values=255)[: SIDE + 1])
    return np.hstack(strip)[:, :-12]


def test_image() -> Pixels:
    """A disk, a square, a ramp, stripes that become finer, and a few single pixels: values from 0 to 1."""
    import numpy as np

    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    image = np.full((SIDE, SIDE), 0.25)
    image[(x - 0.27) ** 2 + (y - 0.27) ** 2 < 0.03] = 0.9
    image[(abs(x - 0.73) < 0.15) & (abs(y - 0.27) < 0.15)] = 0.75
    ramp = (x < 0.45) & (y > 0.55) & (y < 0.75)
    image[ramp] = (x / 0.45)[ramp]
    stripes = (x > 0.52) & (y > 0.55)
    image[stripes] = (0.5 + 0.5 * np.sin(2 * np.pi * 60 * (x - 0.45) ** 2))[stripes]
    for k in range(5):
        image[int(0.85 * SIDE), int((0.08 + 0.08 * k) * SIDE)] = 1.0
    return image


def correlated(image: Pixels, weights: Pixels) -> Pixels:
    """The cross-correlation; beyond its borders the image goes on with the values at them."""
    import numpy as np

    down, right = weights.shape[0] // 2, weights.shape[1] // 2
    padded = np.pad(image, ((down, down), (right, right)), mode="edge")
    height, width = image.shape
    answer = np.zeros_like(image)
    for (r, c), w in np.ndenumerate(weights):
        if w:
            answer += w * padded[r : r + height, c : c + width]
    return answer


def _values(kernel: Kernel) -> Pixels:
    import numpy as np

    weights = kernel.rational
    if weights is None:
        raise SymderivError(
            f"a picture needs numbers, and the weights depend on {', '.join(kernel.letters)}", hint="put numbers in for the letters"
        )
    down, right = kernel.reach
    values = np.zeros((kernel.height, kernel.width))
    for (i, j), w in weights.items():
        values[i + down, j + right] = float(w)
    return values


PICTURES: Final[MappingProxyType[str, tuple[str, Callable[[Kernel], Pixels]]]] = MappingProxyType(
    {
        "weights": ("The weights: red above 0, blue below 0, white 0.", weights_picture),
        "spectrum": ("The size of H for u, v from −π to π, frequency 0 in the middle; white is the largest.", spectrum_picture),
        "effect": ("A test image, and what the kernel makes of it by cross-correlation.", effect_picture),
        "overview": (
            "The weights (red above 0, blue below); the size of H for u, v from −π to π, white the largest; a test image; and what "
            "the kernel makes of it by cross-correlation.",
            overview_picture,
        ),
    }
)
"""Every picture, with its caption."""


def pictures(kernel: Kernel) -> dict[str, bytes]:
    """Every picture as the bytes of a PNG file, by name; raises SymderivError for weights that depend on letters."""
    return {name: png(draw(kernel)) for name, (_, draw) in PICTURES.items()}
