"""One space for words, pictures, attributes and prices: whatever is known of a product becomes one vector of 128."""

from recsys.encoders.fusion.modalities import Modalities as Modalities
from recsys.encoders.fusion.space import Fusion as Fusion
