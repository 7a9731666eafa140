"""Removes what a test has left in an Elasticsearch."""

import json
import urllib.error
import urllib.request
from typing import Any


def request(url: str, method: str, path: str, body: Any = None) -> Any:
    """Sends one request and gives its JSON answer; None where the thing is not there (404).

    Raises:
        urllib.error.HTTPError: Any other refusal.
    """
    sent = urllib.request.Request(
        f"{url}/{path}",
        method=method,
        data=json.dumps(body).encode() if body is not None else None,
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(sent, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise


def delete_indices(url: str, prefix: str) -> None:
    """Deletes every index and template whose name begins with `prefix`."""
    if not prefix:
        raise ValueError("an empty prefix would delete everything")
    names = request(url, "GET", f"_cat/indices/{prefix}*?h=index&format=json&expand_wildcards=all")
    for row in names or []:
        request(url, "DELETE", row["index"])
    request(url, "DELETE", f"_index_template/{prefix}*")
    request(url, "DELETE", f"_component_template/{prefix}*")
