"""`dateline` that kills itself with SIGKILL at a named point: killed_run.py POINT ARGUMENTS…"""

import os
import signal
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any


def die(*_: Any, **__: Any) -> Any:
    """Ends the process as `kill -9` does: nothing is flushed, closed or given back."""
    os.kill(os.getpid(), signal.SIGKILL)


def replace(module: ModuleType, name: str, function: Callable[..., Any]) -> None:
    """Puts a function in another's place."""
    vars(module)[name] = function


def arm(point: str) -> None:
    """Makes the process die when it comes to a point of the pipeline."""
    import transforms.commit
    import transforms.write

    write_sights = vars(transforms.write)["write_sights"]

    def write_then_die(*args: Any, **options: Any) -> Any:
        write_sights(*args, **options)
        die()

    match point:
        case "between-fetch-and-write":
            replace(transforms.write, "write_sights", die)
        case "between-write-and-commit":
            replace(transforms.write, "write_sights", write_then_die)
        case "before-commit":
            replace(transforms.commit, "commit_polls", die)
        case _:
            raise ValueError(f"there is no point {point!r}")


if __name__ == "__main__":
    from pipeline.cli import main

    arm(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
