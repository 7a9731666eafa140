"""References to secrets; tests/deploy/test_dataflow.py reads one of Secret Manager's."""

import pytest

from schemas.config import IndexConfig
from schemas.errors import ConfigError
from transforms.elasticsearch_protocol.secrets import read_secret
from transforms.elasticsearchio import Connection, SecretMissingError
from transforms.storage.elasticsearch.client import credentials

NAME = "projects/news/secrets/elasticsearch/versions/latest"


def test_without_googles_client_its_name_is_said() -> None:
    Connection("http://127.0.0.1:9200", api_key=f"gcp:{NAME}")
    with pytest.raises(SecretMissingError, match=f"gcp:{NAME}.*google-cloud-secret-manager"):
        read_secret(f"gcp:{NAME}", {})


def test_the_configurations_key_goes_before_the_environments() -> None:
    environment = {"DATELINE_ELASTICSEARCH_API_KEY": "another", "KEY": "this one"}
    assert credentials(environment, "env:KEY") == {"api_key": "this one"}
    with pytest.raises(ConfigError, match=r"index\.api_key: the secret env:AWAY is missing"):
        credentials(environment, "env:AWAY")


@pytest.mark.parametrize(
    ("reference", "taken"),
    [
        ("env:NAME", True),
        ("file:/run/secrets/key", True),
        (f"gcp:{NAME}", True),
        ("gcp:projects/news/secrets/elasticsearch", False),
        ("VnVhQ2ZHY0JDZGJrU", False),
    ],
)
def test_the_configuration_holds_a_reference_and_no_key(reference: str, taken: bool) -> None:
    if taken:
        assert IndexConfig(api_key=reference).api_key == reference
    else:
        with pytest.raises(ValueError, match="api_key"):
            IndexConfig(api_key=reference)
