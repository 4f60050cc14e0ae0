"""The encoder that turns queries into vectors."""

from __future__ import annotations

from recsys.encoders import weights
from recsys.encoders.contract import TextEncoder
from recsys.encoders.onnx_encoder import OnnxTextEncoder
from recsys.preparation import Plan


def query_encoder(plan: Plan) -> TextEncoder:
    """The encoder of queries: ONNX Runtime, or torch for a model that could not be exported."""
    exported = plan.open("encoder")
    if exported.info.get("served_by") != "torch":
        return OnnxTextEncoder(exported.path, threads=plan.settings.threads)
    from recsys.encoders.torch_encoder import TorchTextEncoder

    return TorchTextEncoder(weights.locate(plan.settings.encoder))
