"""The one door: `Engine.answer(Request) -> Answer`."""

from recsys.encoders.close_up import CloseUp
from recsys.encoders.placing import METHODS, MapInfo
from recsys.encoders.regions import Region
from recsys.engine.engine import Engine, Similarities
from recsys.engine.placings import EVERYTHING, PICTURES, WORDS

__all__ = ["EVERYTHING", "METHODS", "PICTURES", "WORDS", "CloseUp", "Engine", "MapInfo", "Region", "Similarities"]
