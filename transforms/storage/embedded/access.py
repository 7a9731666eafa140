"""How the index and the store get at their folder: as owner, or reading beside one."""

import threading
from pathlib import Path

from schemas.errors import ConfigError
from transforms.storage.embedded.database import Database
from transforms.storage.embedded.folder import Folder, folder_exists, open_folder


class FolderAccess:
    """Access to a folder. Nothing is made before it is needed, so a dry run changes nothing.

    Args:
        path: The folder.
        read_only: Reads it without owning it.

    Raises:
        ConfigError: Read only, and there is no index; or the folder cannot be used.
        StoreLockedError: Another process owns it.
    """

    def __init__(self, path: Path, read_only: bool) -> None:
        self._path = path
        self.read_only = read_only
        self._lock = threading.Lock()
        self._closed = False
        self._folder: Folder | None = None
        self._reading = Database(path, read_only=True) if read_only else None
        if not read_only and folder_exists(path):
            self._folder = open_folder(path)

    @property
    def folder(self) -> Folder:
        """The folder that this process owns, made where it is missing."""
        with self._lock:
            if self.read_only or self._closed:
                state = "closed" if self._closed else "opened for reading only"
                raise ConfigError(f"the index in {self._path} was {state}")
            if self._folder is None:
                self._folder = open_folder(self._path)
            return self._folder

    @property
    def database(self) -> Database:
        """The SQLite file; the owner's connection is shared by all opens of the process."""
        return self._reading if self._reading is not None else self.folder.database

    def setup(self, dry_run: bool, what: str) -> list[str]:
        """Makes the folder where it is missing; says so in a line."""
        if self.read_only or self._folder is not None or folder_exists(self._path):
            return []
        if not dry_run:
            _ = self.folder
        return [f"created the {what}" if not dry_run else f"would create the {what}"]

    def close(self) -> None:
        """Gives the folder back, once."""
        with self._lock:
            folder, self._folder, self._closed = self._folder, None, True
        if folder is not None:
            folder.release()
        if self._reading is not None:
            self._reading.close()
