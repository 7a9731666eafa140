"""The two kinds of error: terminal ones become dead letters, transient ones are tried again."""


class DatelineError(Exception):
    """Base of every error that Dateline raises on purpose; its text is meant for a person."""


class TerminalError(DatelineError):
    """Trying again with the same input would fail again: the input becomes a dead letter."""


class TransientError(DatelineError):
    """The cause lies outside the input (network, server, lock): trying again later may succeed.

    Attributes:
        retry_after: Seconds to wait before the next try, where the other side said so.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ConfigError(DatelineError):
    """The configuration, or a command's arguments, are not what they must be (exit status 2).

    Attributes:
        key: The configuration's key that is at fault, where that shows only when it is used;
            `pipeline.configuration.placed` adds its file and line.
    """

    def __init__(self, message: str, key: tuple[str | int, ...] = ()) -> None:
        dotted = ".".join(map(str, key))
        super().__init__(f"{dotted}: {message}" if key else message)
        self.key = key


class LeaseLostError(DatelineError):
    """A commit or renewal came with a token that another owner has replaced."""


class StoreLockedError(DatelineError):
    """Another process owns the embedded store's folder."""
