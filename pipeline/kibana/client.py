"""The part of Kibana's HTTP API that setting up needs: version, saved objects, rules."""

import base64
import http.client
import json
import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from schemas.errors import ConfigError, TransientError
from transforms.credentials import CredentialVariables

USER_VARIABLE = "DATELINE_KIBANA_USER"
PASSWORD_VARIABLE = "DATELINE_KIBANA_PASSWORD"
API_KEY_VARIABLE = "DATELINE_KIBANA_API_KEY"
_VARIABLES = CredentialVariables(USER_VARIABLE, PASSWORD_VARIABLE, API_KEY_VARIABLE)
SUPPORTED_MAJOR = 9
# A boundary must not occur in what it encloses, and JSON of one line never holds a bare "--".
_BOUNDARY = "dateline-kibana-assets"


def authorization(environment: Mapping[str, str]) -> dict[str, str]:
    """Gives the header that logs in, none where the environment names no credentials.

    Raises:
        ConfigError: A user without a password, or a password without a user.
    """
    found = _VARIABLES.read(environment)
    if found.api_key:
        return {"Authorization": f"ApiKey {found.api_key}"}
    if not found.user:
        return {}
    token = base64.b64encode(f"{found.user}:{found.password}".encode()).decode()
    return {"Authorization": f"Basic {token}"}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A login page is no answer, and credentials must not follow to another host."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Refuses every redirect; it is then raised as an HTTPError."""
        return None


class Kibana:
    """A Kibana's HTTP API, below the given URL (which may name a space: `/s/SPACE`)."""

    def __init__(self, url: str, *, ca_file: Path | None = None, timeout: float = 60) -> None:
        """Opens nothing yet.

        Args:
            url: http or https, without a user and password.
            ca_file: CA certificates for https, PEM.
            timeout: Of one request, in seconds.
        """
        if not url.startswith(("http://", "https://")) or "@" in url.split("/", 3)[2]:
            raise ConfigError(
                f"--kibana must be http://host:port or https://host:port; credentials come from "
                f"{USER_VARIABLE} and {PASSWORD_VARIABLE}, or {API_KEY_VARIABLE}"
            )
        self.url = url.rstrip("/")
        self._timeout = timeout
        self._headers = {"kbn-xsrf": "dateline", **authorization(os.environ)}
        handlers: list[urllib.request.BaseHandler] = [_NoRedirects()]
        if url.startswith("https://"):
            context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
            handlers.append(urllib.request.HTTPSHandler(context=context))
        self._opener = urllib.request.build_opener(*handlers)

    def request(
        self, method: str, path: str, body: bytes | None = None, content_type: str = ""
    ) -> tuple[int, bytes]:
        """Sends one request; gives status and body, of refusals of the request itself too.

        Raises:
            ConfigError: Kibana does not let us in.
            TransientError: It cannot be reached, or is not ready.
        """
        headers = dict(self._headers)
        if content_type:
            headers["Content-Type"] = content_type
        sent = urllib.request.Request(
            f"{self.url}{path}", data=body, method=method, headers=headers
        )
        try:
            with self._opener.open(sent, timeout=self._timeout) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            text = error.read()
            if error.code in (401, 403) or 300 <= error.code < 400:
                raise ConfigError(
                    f"Kibana at {self.url} does not let us in (status {error.code} of {path}): set "
                    f"{USER_VARIABLE} and {PASSWORD_VARIABLE}, or {API_KEY_VARIABLE}, of a user "
                    "who may manage saved objects and rules"
                ) from None
            if error.code in (429, 502, 503, 504):
                raise TransientError(
                    f"Kibana at {self.url} is not ready (status {error.code}): try again later"
                ) from None
            return error.code, text
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise TransientError(f"Kibana at {self.url} cannot be reached: {reason}") from None

    def version(self) -> str:
        """Gives the version, such as 9.0.4.

        Raises:
            ConfigError: What answers is no Kibana, or one of a version that is not supported.
        """
        status, body = self.request("GET", "/api/status")
        answer = _object(body)
        version = answer.get("version")
        number = version.get("number", "") if isinstance(version, dict) else ""
        if status == 200 and not number and "status" in answer:
            raise ConfigError(
                f"Kibana at {self.url} tells its version only to those who log in: set "
                f"{USER_VARIABLE} and {PASSWORD_VARIABLE}, or {API_KEY_VARIABLE}"
            )
        major = str(number).split(".")[0]
        if status != 200 or not major.isdecimal():
            raise ConfigError(
                f"what answers at {self.url} is no Kibana (status {status} of /api/status); the "
                "URL needs the server.basePath, if there is one"
            )
        if int(major) != SUPPORTED_MAJOR:
            raise ConfigError(
                f"Kibana at {self.url} is {number}; the assets are for {SUPPORTED_MAJOR}.x"
            )
        return str(number)

    def stored(self, objects: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
        """Gives those of the objects that are there, by type and id."""
        wanted = [{"type": line["type"], "id": line["id"]} for line in objects]
        for _ in range(2):
            if not wanted:
                return {}
            body = {"objects": wanted, "excludeExportDetails": True}
            status, answer = self.request(
                "POST", "/api/saved_objects/_export", _dumped(body), "application/json"
            )
            if status == 200:
                found = [json.loads(line) for line in answer.splitlines() if line.strip()]
                return {(line["type"], line["id"]): line for line in found}
            missing = _not_found(_object(answer))
            if status != 400 or not missing:
                raise _refused(self.url, "reading the saved objects", status, answer)
            wanted = [w for w in wanted if (w["type"], w["id"]) not in missing]
        raise TransientError(f"Kibana at {self.url}: saved objects vanish while they are read")

    def import_objects(self, ndjson: bytes) -> None:
        """Imports saved objects over those that are there.

        Raises:
            ConfigError: Kibana refuses them, with its reason for each.
        """
        head = (
            f"--{_BOUNDARY}\r\n"
            'Content-Disposition: form-data; name="file"; filename="dateline.ndjson"\r\n'
            "Content-Type: application/ndjson\r\n\r\n"
        )
        body = head.encode() + ndjson + f"\r\n--{_BOUNDARY}--\r\n".encode()
        status, answer = self.request(
            "POST",
            "/api/saved_objects/_import?overwrite=true",
            body,
            f"multipart/form-data; boundary={_BOUNDARY}",
        )
        result = _object(answer)
        if status != 200:
            raise _refused(self.url, "importing", status, answer)
        if not result.get("success"):
            reasons = [
                f"{error.get('type')} {error.get('id')}: {json.dumps(error.get('error'))}"
                for error in result.get("errors", [])
            ]
            raise ConfigError(f"Kibana at {self.url} did not import: {'; '.join(reasons)}")

    def has_rule(self, rule_id: str) -> bool:
        """Says whether a rule is there."""
        status, answer = self.request("GET", f"/api/alerting/rule/{rule_id}")
        if status not in (200, 404):
            raise _refused(self.url, "reading a rule", status, answer)
        return status == 200

    def create_rule(self, rule_id: str, body: dict[str, Any]) -> None:
        """Creates a rule."""
        status, answer = self.request(
            "POST", f"/api/alerting/rule/{rule_id}", _dumped(body), "application/json"
        )
        if status != 200:
            raise _refused(self.url, f"creating the rule {body['name']!r}", status, answer)


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _not_found(answer: dict[str, Any]) -> set[tuple[str, str]]:
    attributes = answer.get("attributes")
    objects = attributes.get("objects", []) if isinstance(attributes, dict) else []
    return {
        (found["type"], found["id"])
        for found in objects
        if found.get("error", {}).get("statusCode") == 404
    }


def _refused(url: str, what: str, status: int, answer: bytes) -> ConfigError:
    message = _object(answer).get("message") or answer[:300].decode("utf-8", "replace")
    return ConfigError(f"Kibana at {url}, while {what}: refused with status {status}: {message}")
