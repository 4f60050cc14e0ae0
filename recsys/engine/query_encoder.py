"""The encoder that turns queries into vectors."""

from __future__ import annotations

from recsys.encoders import weights
from recsys.encoders.contract import TextEncoder
from recsys.encoders.onnx_encoder import OnnxTextEncoder
from recsys.encoders.serving_graph import brings_graph, serving_encoder
from recsys.preparation import Plan


def query_encoder(plan: Plan) -> TextEncoder:
    """The encoder of queries: ONNX Runtime, by the graph that the model brings, or torch where there is none."""
    model = weights.locate(plan.settings.encoder)
    if brings_graph(model.folder):
        return serving_encoder(model.folder, plan.settings.threads)
    exported = plan.open("encoder")
    if exported.info.get("served_by") != "torch":
        return OnnxTextEncoder(exported.path, threads=plan.settings.threads)
    from recsys.encoders.torch_encoder import TorchTextEncoder

    return TorchTextEncoder(model)
