"""Which of the options that are no command's own are Beam's; a mistyped one is nobody's."""

import argparse
import difflib
from collections.abc import Iterable, Sequence

# Their job server describes options of its own (Flink's `--checkpointing_interval`), which nobody
# can know before it runs.
_WITH_A_JOB_SERVER = ("FlinkRunner", "PortableRunner")


def nobodys_options(runner: str, arguments: Sequence[str], own: Iterable[str]) -> list[str]:
    """Gives those of the arguments that neither Beam's registered options nor the runner take.

    Args:
        runner: As given with `--runner`. One with a job server may take options that are known to
            that alone: then only what looks like a mistyped option of ours is nobody's.
        arguments: What the command's own parser did not take.
        own: The command's own options.
    """
    from apache_beam.options.pipeline_options import PipelineOptions

    parsers: list[argparse.ArgumentParser] = []
    # The public way to the parser that knows the options of every registered class.
    PipelineOptions([]).get_all_options(add_extra_args_fn=parsers.append)
    # What it refuses it would say below a list of some two hundred options.
    parsers[0].prog, parsers[0].usage = "dateline run", "dateline run [OPTIONS] [BEAM OPTIONS]"
    _, unknown = parsers[0].parse_known_args(list(arguments))
    if runner.rpartition(".")[2] in _WITH_A_JOB_SERVER:
        return [argument for argument in unknown if nearest(argument, own)]
    return list(unknown)


def nearest(argument: str, options: Iterable[str]) -> str:
    """Gives the option that was probably meant, "" where none is near."""
    if not argument.startswith("-"):
        return ""
    near = difflib.get_close_matches(argument.partition("=")[0], list(options), n=1, cutoff=0.7)
    return near[0] if near else ""
