"""A learned ranker over the candidates of all recommenders."""

from recsys.ranking.blend.blend import Blend, BlendSettings

__all__ = ["Blend", "BlendSettings"]
