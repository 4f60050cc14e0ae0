"""The one door: `Engine.answer(Request) -> Answer`."""

from recsys.encoders.placing import METHODS, MapInfo
from recsys.engine.engine import Engine, Similarities

__all__ = ["METHODS", "Engine", "MapInfo", "Similarities"]
