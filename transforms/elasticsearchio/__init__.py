"""Elasticsearch as a sink and a source of Apache Beam pipelines.

    import apache_beam as beam
    from transforms.elasticsearchio import (
        Connection,
        ReadFromElasticsearch,
        WriteToElasticsearch,
    )

    cluster = Connection("http://127.0.0.1:9200")
    with beam.Pipeline() as pipeline:
        result = (
            pipeline
            | beam.Create([{"isbn": "0198526636", "title": "Principles"}, {"title": "No number"}])
            | WriteToElasticsearch(cluster, index="books", id=lambda book: book["isbn"])
        )
        result.written | "Ids" >> beam.Map(lambda receipt: print(receipt.id, receipt.result))
        result.failed | "Why" >> beam.Map(lambda failed: print(failed.outcome, failed.reason))

    with beam.Pipeline() as pipeline:
        hits = pipeline | ReadFromElasticsearch(cluster, index="books")
        hits | beam.Map(lambda hit: print(hit.source["title"]))

The page docs/elasticsearch-io.md says more. Nothing here knows of news.
"""

from transforms.elasticsearch_protocol.hits import Hit, ReadError
from transforms.elasticsearch_protocol.retries import RetryPolicy
from transforms.elasticsearch_protocol.secrets import SecretMissingError
from transforms.elasticsearchio.connection import Connection
from transforms.elasticsearchio.operations import (
    FailedWrite,
    Operation,
    Receipt,
    Standing,
    UnfitOperationError,
)
from transforms.elasticsearchio.read import ReadFromElasticsearch
from transforms.elasticsearchio.write import WriteResult, WriteToElasticsearch
from transforms.elasticsearchio.write_fn import BulkWriteError

__all__ = [
    "BulkWriteError",
    "Connection",
    "FailedWrite",
    "Hit",
    "Operation",
    "ReadError",
    "ReadFromElasticsearch",
    "Receipt",
    "RetryPolicy",
    "SecretMissingError",
    "Standing",
    "UnfitOperationError",
    "WriteResult",
    "WriteToElasticsearch",
]
