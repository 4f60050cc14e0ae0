"""A learned ranker over the candidates of all recommenders."""

from recsys.ranking.blend.blend import Blend
from recsys.ranking.blend.settings import BlendSettings

__all__ = ["Blend", "BlendSettings"]
