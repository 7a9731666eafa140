"""JSON Lines, compressed or not, as the benchmarks take their texts."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def read_json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Gives the objects of a file, one a line; a name that ends in .gz is gzip's."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        for line in lines:
            yield json.loads(line)
