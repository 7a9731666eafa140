"""A pipeline on the in-process runner, built and translated once, that is run again and again."""

from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options_context import scoped_pipeline_options
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.portability.fn_api_runner import FnApiRunner


class KeptGraph:
    """A pipeline's graph.

    Args:
        pipeline: Has the in-process runner, and is run by nobody else.
    """

    def __init__(self, pipeline: beam.Pipeline) -> None:
        self._options = pipeline.options
        self._runner = _KeepingRunner()
        pipeline.runner = self._runner
        self._pipeline: beam.Pipeline | None = pipeline

    def run(self) -> Any:
        """Runs it to its end; gives the run's `PipelineResult`."""
        if self._runner.kept is None:
            assert self._pipeline is not None
            result = self._pipeline.run()
            self._pipeline = None
        else:
            with scoped_pipeline_options(self._options):
                result = self._runner.run_again(self._options)
        result.wait_until_finish()
        return result


class _KeepingRunner(FnApiRunner):
    """Keeps what a pipeline was translated to."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: bytes | None = None

    def run_via_runner_api(self, pipeline_proto: Any, options: Any) -> Any:
        # As bytes: what is run is changed on the way.
        if self.kept is None:
            self.kept = pipeline_proto.SerializeToString()
        return super().run_via_runner_api(pipeline_proto, options)

    def run_again(self, options: Any) -> Any:
        """Runs the pipeline that was kept."""
        assert self.kept is not None
        return self.run_via_runner_api(beam_runner_api_pb2.Pipeline.FromString(self.kept), options)
