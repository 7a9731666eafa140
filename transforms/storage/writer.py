"""Writes sights with compare-and-set: read, merge, write, and again where somebody was faster."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from schemas.article import Article, Content, Sight
from schemas.errors import TransientError
from transforms.storage.article_index import ArticleIndex, Write
from transforms.storage.merge import Change, Fingerprint, merge
from transforms.stories.fingerprint import bands_of, bands_of_all

# Each conflict means that another writer got through, so this many in a row is a fault.
MAX_CONFLICTS = 50
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class SightResult:
    """What became of one sight.

    `written` and `unchanged` are acknowledged by the index; `rejected` is terminal.
    """

    kind: Literal["written", "unchanged", "rejected", "transient"]
    change: Change = "unchanged"
    reason: str = ""


def pause_before_try(attempt: int, draw: float) -> float:
    """Gives the seconds to wait before a retry: exponential with full jitter, bounded.

    Args:
        attempt: The failed tries so far, from 1.
        draw: A random number in [0, 1).
    """
    return draw * float(min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**attempt))


def write_sights(
    index: ArticleIndex,
    sights: Sequence[Sight],
    *,
    now: Callable[[], datetime],
    tries: int,
    sleep: Callable[[float], None] = time.sleep,
    draw: Callable[[], float] = random.random,
) -> list[SightResult]:
    """Brings sights into the index; sights of one document are folded into one write.

    Args:
        index: Where to write.
        sights: In any order; those of one document are merged in order of their times.
        now: Gives the time that written documents carry as `event.ingested`.
        tries: How often a write is tried before its sights are given back as `transient`.
        sleep: Waits between tries.
        draw: Gives random numbers in [0, 1) for the jitter.

    Returns:
        A result for each sight, in their order.
    """
    results = [SightResult("transient", reason="not tried")] * len(sights)
    waiting: dict[str, list[int]] = {}
    for position in sorted(range(len(sights)), key=lambda p: (sights[p].time, p)):
        waiting.setdefault(sights[position].article_id, []).append(position)
    failed_tries = conflicts = 0
    while waiting:
        try:
            outcome = _write_once(index, sights, waiting, now())
        except TransientError as error:
            outcome = {
                position: SightResult("transient", reason=str(error))
                for positions in waiting.values()
                for position in positions
            }
        again: dict[str, list[int]] = {}
        put_off = False
        for article_id, positions in waiting.items():
            for position in positions:
                result = outcome.get(position)
                if result is not None:
                    results[position] = result
            if positions[0] not in outcome or results[positions[0]].kind == "transient":
                again[article_id] = positions
                put_off = put_off or positions[0] in outcome
        waiting = again
        if put_off:
            failed_tries += 1
            if failed_tries >= tries:
                break
            sleep(pause_before_try(failed_tries, draw()))
        elif waiting:
            conflicts += 1
            if conflicts >= MAX_CONFLICTS:
                reason = f"other writers were faster {conflicts} times in a row"
                for positions in waiting.values():
                    for position in positions:
                        results[position] = SightResult("transient", reason=reason)
                break
    return results


def _fingerprint_of(contents: Sequence[Content]) -> Fingerprint:
    """Gives what knows the bands of some texts, which cost less together, and makes others."""
    texts = list(dict.fromkeys((one.title, one.body or one.summary) for one in contents))
    known = dict(zip(texts, bands_of_all(texts), strict=True))

    def fingerprint(title: str, text: str) -> list[str]:
        bands = known.get((title, text))
        return bands_of(title, text) if bands is None else bands

    return fingerprint


def _write_once(
    index: ArticleIndex, sights: Sequence[Sight], waiting: dict[str, list[int]], now: datetime
) -> dict[int, SightResult]:
    """Tries every waiting document once; positions missing from the answer met a conflict."""
    stored = index.get(list(waiting))
    fingerprint = _fingerprint_of(
        [sights[position].content for positions in waiting.values() for position in positions]
    )
    outcome: dict[int, SightResult] = {}
    writes: list[Write] = []
    written_positions: list[list[int]] = []
    for article_id, positions in waiting.items():
        known = stored.get(article_id)
        article: Article | None = known.article if known is not None else None
        for position in positions:
            merged = merge(article, sights[position], fingerprint)
            article = merged.article
            kind: Literal["written", "unchanged"] = (
                "unchanged" if merged.change == "unchanged" else "written"
            )
            outcome[position] = SightResult(kind, merged.change)
        if article is None or all(outcome[position].kind == "unchanged" for position in positions):
            continue
        # What `merge` has changed is a new document, which nobody else holds.
        article.event.ingested = now
        writes.append(Write(article, known.version if known is not None else None))
        written_positions.append(positions)
    for positions, result in zip(written_positions, index.write(writes), strict=True):
        for position in positions:
            if result.kind == "conflict":
                del outcome[position]
            elif result.kind == "deleted":
                outcome[position] = SightResult("unchanged", reason=result.reason)
            elif result.kind != "written":
                outcome[position] = replace(
                    outcome[position], kind=result.kind, change="unchanged", reason=result.reason
                )
    return outcome
