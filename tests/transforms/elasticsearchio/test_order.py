"""Operations on one document: carried out in the order in which they came."""

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.servers.elasticsearch_indices import request
from tests.transforms.elasticsearchio.proxy import Fault, Gateway
from tests.transforms.elasticsearchio.running import count, stored, write
from transforms.elasticsearchio import Connection, Operation, RetryPolicy, WriteToElasticsearch
from transforms.elasticsearchio.encoding import Encoded, encode
from transforms.elasticsearchio.id_order import IdOrder


@given(
    ids=st.lists(st.sampled_from(["a", "b", "c", None]), max_size=40),
    data=st.data(),
)
def test_one_operation_of_an_id_goes_at_a_time_and_all_go_in_order(
    ids: list[str | None], data: st.DataObject
) -> None:
    order = IdOrder()
    operations = [
        encode(number, None, Operation("index", identity, {}), "i")
        for number, identity in enumerate(ids)
    ]
    under_way: list[Encoded] = []
    sent: list[Encoded] = []

    def end_one() -> None:
        place: int = data.draw(st.integers(0, len(under_way) - 1))
        ended = under_way.pop(place)
        for following in order.leave([ended]):
            under_way.append(following)
            sent.append(following)

    for operation in operations:
        ends = data.draw(st.booleans())
        if ends and under_way:
            end_one()
        if order.enter(operation):
            under_way.append(operation)
            sent.append(operation)
        named = [item.id for item in under_way if item.operation.id is not None]
        assert len(named) == len(set(named))
        assert order.held == len(operations[: operation.element + 1]) - len(sent)
    while under_way:
        end_one()
    assert order.held == 0
    assert sorted(item.element for item in sent) == list(range(len(ids)))
    for identity in ("a", "b", "c"):
        numbers = [item.element for item in sent if item.operation.id == identity]
        assert numbers == sorted(numbers)


def test_the_last_of_many_operations_on_a_document_stands_though_earlier_ones_are_tried_again(
    elasticsearch_url: str, index_prefix: str
) -> None:
    index = f"{index_prefix}a"
    rng = random.Random(5)
    elements = [{"id": str(rng.randrange(30)), "n": n} for n in range(400)]
    last = {str(element["id"]): element["n"] for element in elements}

    def fault(number: int, body: bytes) -> Fault:
        # The refused go back to wait, while the ones behind them would overtake.
        return (503, None, None, 429)[number % 4]

    with Gateway(elasticsearch_url, fault) as gateway:
        done = write(
            elements,
            WriteToElasticsearch(
                Connection(gateway.url),
                index=index,
                id=lambda element: element["id"],
                max_batch_documents=7,
                retries=RetryPolicy(max_attempts=40, first_delay=0.01, max_delay=0.05),
            ),
        )
    assert (len(done.written), done.failed) == (400, [])
    versions: dict[str, list[tuple[int, int]]] = {}
    for receipt in done.written:
        versions.setdefault(receipt.id, []).append((receipt.element["n"], receipt.version))
    # The version counts the writes of a document: the n-th to come was the n-th to be written.
    for written in versions.values():
        assert [version for _, version in sorted(written)] == list(range(1, len(written) + 1))
    assert {key: stored(elasticsearch_url, index, key)["n"] for key in last} == last


def test_create_update_and_delete_of_one_document_in_one_bundle(
    elasticsearch_url: str, index_prefix: str
) -> None:
    index = f"{index_prefix}a"
    operations: list[Any] = []
    for number in range(40):
        operations += [
            Operation("create", str(number), {"step": 1}),
            Operation("update", str(number), {"more": 2}),
            Operation("index", str(number), {"step": 3}),
        ]
        if number % 2:
            operations.append(Operation("delete", str(number)))
    done = write(
        operations,
        WriteToElasticsearch(
            Connection(elasticsearch_url), index=index, max_batch_documents=5, max_in_flight=4
        ),
    )
    assert (len(done.written), done.failed) == (140, [])
    assert count(elasticsearch_url, index) == 20
    request(elasticsearch_url, "POST", f"{index}/_refresh")
    assert stored(elasticsearch_url, index, "0") == {"step": 3}
    assert stored(elasticsearch_url, index, "1") is None


def test_what_waits_behind_an_operation_that_stays_unwritten_shares_its_fate(
    elasticsearch_url: str, index_prefix: str
) -> None:
    elements = [{"id": "hot", "n": n} for n in range(20)]
    elements.append({"id": "other", "n": 20})
    with Gateway(elasticsearch_url, lambda number, body: 503) as gateway:
        sink = WriteToElasticsearch(
            Connection(gateway.url),
            index=f"{index_prefix}a",
            id=lambda element: element["id"],
            retries=RetryPolicy(max_attempts=2, first_delay=0.01),
        )
        done = write(elements, sink)
    assert done.written == []
    assert sorted(failed.element["n"] for failed in done.failed) == list(range(21))
    assert {(failed.outcome, failed.status) for failed in done.failed} == {("transient", 503)}
    assert sum("earlier operation" in failed.reason for failed in done.failed) == 19
    # One request, tried twice: twenty operations do not wait twenty times.
    assert [documents for documents, _ in gateway.bulk_sizes] == [4, 4]
