"""Who logs in to a server, as the environment says: never the configuration or a command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Credentials:
    """An API key, or a user with a password, or neither."""

    api_key: str = field(default="", repr=False)
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CredentialVariables:
    """The environment's variables for one server."""

    user: str
    password: str
    api_key: str

    def read(self, environment: Mapping[str, str]) -> Credentials:
        """Gives what the environment names; an API key goes before a user.

        Raises:
            ConfigError: A user without a password, or a password without a user.
        """
        key = environment.get(self.api_key, "")
        user = environment.get(self.user, "")
        password = environment.get(self.password, "")
        if key:
            return Credentials(api_key=key)
        if bool(user) != bool(password):
            raise ConfigError(f"{self.user} and {self.password} must be set together")
        return Credentials(user=user, password=password)
