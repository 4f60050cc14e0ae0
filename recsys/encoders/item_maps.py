"""Maps on which a shop's products lie by their pictures, or by all that is known of them, as they are served."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.artifacts import PREPARE, mapped
from recsys.encoders.maps import Maps
from recsys.encoders.placing import MapInfo
from recsys.errors import ArtifactError
from recsys.schema import Floats, Mask, Rows

POINT_OF: Final = "point_of"  # (n_items,) int32 which point of a map an item is, -1 for one that has no place
GAP: Final = "gap.json"  # beside the folders of maps
FIRST: Final = "first"  # (n_points,) int32 an item of each point


class ItemMaps:
    """The maps of one kind of vectors. A product of which nothing of that kind is known has no place on them."""

    def __init__(self, folder: Path, vectors: Floats) -> None:
        """`folder` as the step left it; `vectors` (n_items, d) those it was made of, zeros for an unknown product.

        Raises ArtifactError when the files do not belong to these vectors.
        """
        try:
            self._point_of = np.asarray(mapped(folder / f"{POINT_OF}.npy"))
            first = np.asarray(mapped(folder / f"{FIRST}.npy"))
            if len(self._point_of) != len(vectors):
                raise ValueError(f"{len(self._point_of):,} items where there are {len(vectors):,}")
            points = vectors if len(first) == len(vectors) else vectors[first]
        except (OSError, ValueError, IndexError) as error:
            raise ArtifactError(f"the maps of pictures cannot be read: {error}", remedy=PREPARE) from error
        self.vectors = vectors
        self._maps = Maps(folder, points)

    @property
    def infos(self) -> tuple[MapInfo, ...]:
        """What each map is."""
        return self._maps.infos

    @property
    def there(self) -> Mask:
        """(n_items,) which products have a place."""
        there: npt.NDArray[np.bool_] = self._point_of >= 0
        return there

    def positions(self, method: str, dims: int) -> Floats:
        """Where each product lies, (n_items, dims), NaN for one without a place. Raises as `Maps.positions`."""
        found: Floats = np.array(self._maps.positions(method, dims)[self._point_of], np.float32)
        found[self._point_of < 0] = np.nan
        return found

    def place(self, method: str, dims: int, asking: Floats) -> Floats:
        """Where vectors that look for products, (m, d), belong on a map, (m, dims)."""
        return self._maps.place(method, dims, asking)

    def nearest(self, asking: Floats, k: int) -> tuple[Rows, Floats]:
        """The k products nearest to a vector (d,) that looks for them, and their cosines; ties by row."""
        cosines = np.where(self.there, self.vectors @ asking, -np.inf)
        rows = np.argsort(-cosines, kind="stable")[: min(k, int(self.there.sum()))].astype(np.int32)
        return rows, cosines[rows].astype(np.float32)
