import pytest

from transforms.elasticsearch_protocol.addresses import with_port


@pytest.mark.parametrize(
    ("given", "full"),
    [
        ("https://search.example", "https://search.example:443"),
        ("http://search.example/es", "http://search.example:80/es"),
        ("http://[::1]:9200", "http://[::1]:9200"),
    ],
)
def test_the_port_is_named(given: str, full: str) -> None:
    assert with_port(given) == full
