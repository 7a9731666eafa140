"""Reads a secret of Secret Manager's as a worker does, from a server of this process.

secret_manager_script.py REFERENCE, with the Python of an image that has Google's own client; the
tests' environment has not, since Beam complains of a part of Google's packages without the rest.
"""

import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
from google.cloud.secretmanager_v1 import (
    AccessSecretVersionRequest,
    AccessSecretVersionResponse,
    SecretManagerServiceClient,
    SecretPayload,
)
from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (
    SecretManagerServiceGrpcTransport,
)

from transforms.elasticsearch_protocol import secrets

NAME = "projects/news/secrets/elasticsearch/versions/latest"
_SERVICE = "google.cloud.secretmanager.v1.SecretManagerService"


def access(
    request: AccessSecretVersionRequest, context: grpc.ServicerContext
) -> AccessSecretVersionResponse:
    """Gives the one secret there is."""
    if request.name != NAME:
        context.abort(grpc.StatusCode.NOT_FOUND, f"there is no {request.name}")
    return AccessSecretVersionResponse(name=NAME, payload=SecretPayload(data=b"id:key\n"))


def main(reference: str) -> int:
    """Serves the secret, and prints what the reference leads to."""
    server = grpc.server(ThreadPoolExecutor(2))
    handler = grpc.unary_unary_rpc_method_handler(
        access,
        request_deserializer=AccessSecretVersionRequest.deserialize,
        response_serializer=AccessSecretVersionResponse.serialize,
    )
    methods = {"AccessSecretVersion": handler}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(_SERVICE, methods),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    channel = grpc.insecure_channel(f"127.0.0.1:{port}")
    transport = SecretManagerServiceGrpcTransport(channel=channel)
    client = SecretManagerServiceClient(transport=transport)
    vars(secrets)["secret_manager"] = lambda: client
    try:
        print(secrets.read_secret(reference, {}))
    except secrets.SecretMissingError as error:
        print(error)
        return 1
    finally:
        channel.close()
        server.stop(None)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
