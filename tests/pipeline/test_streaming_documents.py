"""The same script gives the same documents in rounds and as a stream; on Flink: tests/flink."""

from pathlib import Path

from tests.pipeline.played_script import (
    differences,
    each_polled_to_the_end,
    installation,
    play,
    played_in_rounds,
    read,
)
from tests.pipeline.streaming_runs import StreamingRun, prism_options
from tests.servers.feed_server import FeedServer
from tests.servers.prism import prism


def test_rounds_and_prism_give_the_same_documents_field_by_field(
    tmp_path: Path, elasticsearch_url: str, index_prefix: str, feed_server: FeedServer
) -> None:
    rounds = installation(tmp_path, "rounds", elasticsearch_url, index_prefix, feed_server)
    expected = played_in_rounds(rounds, feed_server)
    stream = installation(tmp_path, "prism", elasticsearch_url, index_prefix, feed_server)
    run = StreamingRun(stream, *prism_options(prism()))
    try:
        play(feed_server, lambda: run.wait_until(each_polled_to_the_end(feed_server), "a step"))
        found = read(stream)
        assert run.stop() == 143
    finally:
        run.close()
    assert differences(expected.documents, found.documents) == []
    assert found.dead_letters == expected.dead_letters
    assert len(expected.documents) == 35
    assert len(expected.dead_letters) == 1
