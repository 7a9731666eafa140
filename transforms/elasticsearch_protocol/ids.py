"""Ids of documents."""

MAX_ID_BYTES = 512


def unfit_id(identity: str) -> str:
    """Says what is wrong with an id, "" where nothing is.

    A longer one fails the whole request that it stands in (Elasticsearch: IndexRequest).
    """
    size = len(identity.encode("utf-8", "surrogatepass"))
    if 0 < size <= MAX_ID_BYTES:
        return ""
    return f"the id has {size} bytes; it must have 1 to {MAX_ID_BYTES}"
