"""Tells the unbounded graph in lines: what a change of it must not break unseen.

`python -m tests.pipeline.streaming_graph` writes the lines that the test compares with.
"""

from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.coders import Coder
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.pipeline_context import PipelineContext

from pipeline.streaming import build_streaming
from schemas.config import Config
from transforms.due import ClaimOrder

GOLDEN = Path(__file__).with_name("streaming_graph.txt")


def described_graph(*, on_flink: bool = False) -> str:
    """Gives a line for each stage, state and collection, and the requirements."""
    config = Config.model_validate({"feeds": [{"url": "https://paper.example/feed.xml"}]})
    pipeline = beam.Pipeline(options=PipelineOptions(["--streaming"]))
    build_streaming(pipeline, config, ClaimOrder(owner="test"), on_flink=on_flink)
    proto = pipeline.to_runner_api()
    components = proto.components
    context = PipelineContext(components)
    lines = [f"requires {requirement}" for requirement in sorted(proto.requirements)]
    for transform in sorted(components.transforms.values(), key=lambda item: item.unique_name):
        if not transform.subtransforms and transform.spec.urn:
            lines.append(f"stage {transform.unique_name}: {transform.spec.urn}")
            lines += _details(transform, context)
            for name, produced in sorted(transform.outputs.items()):
                collection = components.pcollections[produced]
                bound = beam_runner_api_pb2.IsBounded.Enum.Name(collection.is_bounded).lower()
                coder = _coder(collection.coder_id, context)
                lines.append(f"  output {name}: {coder}, {bound}")
    return "\n".join(lines) + "\n"


def _details(transform: Any, context: Any) -> list[str]:
    if transform.spec.urn != "beam:transform:pardo:v1":
        return []
    payload = beam_runner_api_pb2.ParDoPayload.FromString(transform.spec.payload)
    lines = []
    for name, spec in sorted(payload.state_specs.items()):
        kind = spec.WhichOneof("spec")
        part = getattr(spec, kind)
        coder = getattr(part, "element_coder_id", "") or getattr(part, "coder_id", "")
        lines.append(f"  state {name}: {kind} of {_coder(coder, context)}")
    lines += [f"  timer {name}" for name in sorted(payload.timer_family_specs)]
    lines += [f"  side input {name}" for name in sorted(payload.side_inputs)]
    if payload.restriction_coder_id:
        lines.append("  splittable")
    return lines


def _coder(identifier: str, context: Any) -> str:
    coder: Coder = context.coders.get_by_id(identifier)
    return str(coder)


if __name__ == "__main__":
    GOLDEN.write_text(described_graph(), encoding="utf-8")
