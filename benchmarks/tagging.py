"""The tagger's speed: documents of one size per second of CPU, beside a bare automaton pass.

    python -m benchmarks.tagging FILE [FILE …] [--bytes 2500] [--documents 1500] [--profile]

Each FILE holds a JSON object with "text" a line, .gz or not; the texts are joined and cut into
documents of the size. Both figures are the best of five passes in this process. `--profile` shows
where the time goes instead, by function.
"""

import argparse
import cProfile
import pstats
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.json_lines import read_json_lines
from transforms.memory import collect_rarely
from transforms.tagging.gazetteer import load_gazetteer
from transforms.tagging.tagger import Tagger

PASSES = 5


def documents(files: Sequence[Path], size: int) -> Iterator[str]:
    """Gives documents of so many characters."""
    for path in files:
        waiting = ""
        for row in read_json_lines(path):
            waiting += (row.get("text") or "") + "\n\n"
            while len(waiting) >= size:
                yield waiting[:size]
                waiting = waiting[size:]


def best(run: Callable[[], object]) -> float:
    """Gives the least CPU seconds of some passes: other processes only ever add to it."""
    seconds = []
    for _ in range(PASSES):
        began = time.process_time()
        run()
        seconds.append(time.process_time() - began)
    return min(seconds)


def main() -> int:
    """Runs it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.tagging", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--bytes", type=int, default=2_500, help="of a document (default: 2500)")
    parser.add_argument("--documents", type=int, default=1_500, help="how many (default: 1500)")
    parser.add_argument("--profile", action="store_true", help="show where the time goes")
    args = parser.parse_args()
    found = list(documents(args.files, args.bytes))
    texts = found[:: max(1, len(found) // args.documents)]
    if not texts:
        raise SystemExit(f"the files hold less than one document of {args.bytes} bytes")
    gazetteer = load_gazetteer()
    tagger = Tagger(gazetteer)
    collect_rarely()  # as whatever tags many documents

    def tag() -> None:
        for text in texts:
            tagger.tag("", text)

    def find() -> None:
        for text in texts:
            gazetteer.automaton.find(text)

    tag()
    if args.profile:
        profile = cProfile.Profile()
        profile.runcall(tag)
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)
        return 0
    tagged, bare = best(tag), best(find)
    print(f"documents            {len(texts):>10,}")
    print(f"tagged per second    {len(texts) / tagged:>10,.0f}")
    print(f"of a bare automaton  {bare / tagged:>10.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
