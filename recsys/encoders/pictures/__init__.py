"""Pictures -> vectors: what a frozen network sees, and the colours beside it."""

from recsys.encoders.pictures.encoder import PictureEncoder as PictureEncoder
