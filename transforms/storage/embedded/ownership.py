"""One process owns a folder: a lock of the operating system, shared by all opens within it."""

import fcntl
import os
import socket
from pathlib import Path

from schemas.errors import ConfigError, StoreLockedError, TransientError

FILE_NAME = "owner.lock"


class FolderLock:
    """The lock itself. The system lets it go when the process ends, however it ends.

    Raises:
        StoreLockedError: Another process holds it; the text says which.
        ConfigError: The folder cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.descriptor = os.open(folder / FILE_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        except OSError as error:
            exists = isinstance(error, FileExistsError)
            reason = "it is a file" if exists else error.strerror
            raise ConfigError(
                f"the index folder {folder} cannot be written: {reason}; index.url must "
                "be embedded: and a folder that may be written"
            ) from error
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self.descriptor, 200).decode("utf-8", "replace").strip()
            os.close(self.descriptor)
            raise StoreLockedError(
                f"the index in {folder} is in use by another process"
                f"{f' ({holder})' if holder else ''}: one process at a time may write to an "
                "embedded index; end that one, or wait until it is done"
            ) from None
        except OSError as error:
            os.close(self.descriptor)
            raise TransientError(f"{folder / FILE_NAME} cannot be locked: {error}") from error
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, f"pid {os.getpid()} on {socket.gethostname()}\n".encode(), 0)

    def release(self) -> None:
        """Lets the folder go. The file stays: removing it would let two processes hold it."""
        os.ftruncate(self.descriptor, 0)
        os.close(self.descriptor)
