import pickle
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from schemas.config import Config, IndexConfig
from schemas.errors import ConfigError, TransientError
from tests.servers.articles import article
from transforms.storage.article_index import Write
from transforms.storage.elasticsearch.article_index import ElasticsearchArticleIndex
from transforms.storage.elasticsearch.client import Client, credentials


@pytest.mark.parametrize(
    ("environment", "options"),
    [
        ({}, {}),
        (
            {"DATELINE_ELASTICSEARCH_USER": "u", "DATELINE_ELASTICSEARCH_PASSWORD": "p"},
            {"basic_auth": ("u", "p")},
        ),
        (
            {"DATELINE_ELASTICSEARCH_API_KEY": "k", "DATELINE_ELASTICSEARCH_USER": "u"},
            {"api_key": "k"},
        ),
    ],
    ids=["none", "user", "api-key-first"],
)
def test_credentials(environment: dict[str, str], options: dict[str, object]) -> None:
    assert credentials(environment) == options


def test_half_of_a_login_is_an_error() -> None:
    with pytest.raises(ConfigError, match="DATELINE_ELASTICSEARCH_PASSWORD must be set together"):
        credentials({"DATELINE_ELASTICSEARCH_USER": "u"})


def test_an_open_client_is_not_pickled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_ELASTICSEARCH_API_KEY", "secret")
    client = Client(IndexConfig(url="http://127.0.0.1:9"))
    with pytest.raises(TypeError, match="open one in setup"):
        pickle.dumps(client)
    client.close()


def test_nobody_listening_is_transient_and_says_where() -> None:
    index = ElasticsearchArticleIndex(Config(index=IndexConfig(url="http://127.0.0.1:9")))
    with pytest.raises(TransientError, match=r"http://127\.0\.0\.1:9, while .*cannot be reached"):
        index.check()
    index.close()


@pytest.mark.parametrize(
    ("status", "elastic", "error", "match"),
    [
        (401, True, ConfigError, "not logged in; set DATELINE_ELASTICSEARCH_USER"),
        (403, True, ConfigError, "lacks a privilege"),
        (429, True, TransientError, "HTTP status 429"),
        (503, True, TransientError, "HTTP status 503"),
        (200, False, ConfigError, "is not an Elasticsearch"),
        (400, True, ConfigError, "no Elasticsearch 9"),
    ],
)
def test_refusals_of_a_whole_request(
    status: int, elastic: bool, error: type[Exception], match: str
) -> None:
    # What a server of version 8 says of the client's headers.
    older = b'{"error": {"type": "media_type_header_exception"}}'
    body = older if status == 400 else b"{}"

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Retry-After", "7")
            if elastic:
                self.send_header("X-Elastic-Product", "Elasticsearch")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}"
        index = ElasticsearchArticleIndex(Config(index=IndexConfig(url=url)))
        with pytest.raises(error, match=match) as caught:
            index.check()
        assert status not in (429, 503) or getattr(caught.value, "retry_after", None) == 7
        index.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_https_address_of_what_speaks_http_is_told() -> None:
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        url = f"https://127.0.0.1:{server.server_port}"
        index = ElasticsearchArticleIndex(Config(index=IndexConfig(url=url)))
        with pytest.raises(TransientError, match="is it http:// rather than https://"):
            index.check()
        index.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_page_in_the_place_of_an_answer_is_transient() -> None:
    page = b"<html>Back in a minute</html>"

    class Page(BaseHTTPRequestHandler):
        def do_any(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.end_headers()
            self.wfile.write(page)

        do_GET = do_POST = do_PUT = do_any  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    index = ElasticsearchArticleIndex(Config(index=IndexConfig(url=url)))
    for ask in (index.check, index.setup, lambda: index.get(["a"])):
        with pytest.raises(TransientError, match=r"not JSON .*Back in a minute"):
            ask()
    (result,) = index.write([Write(article("a", "Rain"))])
    assert result.kind == "transient"
    index.close()
    server.shutdown()
    server.server_close()
