"""The one door: `Engine.answer(Request) -> Answer`."""

from recsys.encoders.placing import METHODS, MapInfo
from recsys.encoders.regions import Region
from recsys.engine.engine import Engine, Similarities

__all__ = ["METHODS", "Engine", "MapInfo", "Region", "Similarities"]
