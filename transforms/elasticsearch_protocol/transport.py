"""The official client's transport, which takes a page of text for no answer."""

from typing import Any

from elastic_transport import SerializationError, Transport, TransportApiResponse


class JsonTransport(Transport):
    """Refuses text that comes with success, such as the page of a site that is being maintained.

    The client gives it out as the answer, and whoever looks for a key in it fails.
    """

    def perform_request(self, *args: Any, **kwargs: Any) -> TransportApiResponse:
        """Sends a request.

        Raises:
            SerializationError: The answer is no JSON.
            TransportError: There is none.
        """
        answer = super().perform_request(*args, **kwargs)
        if answer.meta.status < 300 and isinstance(answer.body, str):
            shown = " ".join(answer.body.split())[:80]
            raise SerializationError(f"text in the place of JSON: {shown!r}")
        return answer
