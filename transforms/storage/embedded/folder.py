"""An index's folder, opened for writing once for a whole process, however often it is asked for."""

import os
import threading
from pathlib import Path

from transforms.storage.embedded.database import FILE_NAME, Database
from transforms.storage.embedded.ownership import FolderLock
from transforms.storage.embedded.search_index import OwnedSearchIndex

_guard = threading.Lock()
_open_folders: dict[Path, "Folder"] = {}


class Folder:
    """The folder that this process owns. Get it by `open_folder`, give it back by `release`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.users = 0
        self._lock = FolderLock(path)
        try:
            self.database = Database(path)
            # Whoever held them was another process, which is gone: its lock was free.
            self.database.run("UPDATE hosts SET lease = NULL, token = NULL, expires = NULL")
            self.search_index = OwnedSearchIndex(path, self.database)
        except BaseException:
            self._lock.release()
            raise

    def release(self) -> None:
        """Gives it back; the last one to do so closes the files and lets the lock go."""
        with _guard:
            self.users -= 1
            if self.users or _open_folders.get(self.path) is not self:
                return
            del _open_folders[self.path]
            try:
                self.search_index.close()
            finally:
                self.database.close()
                self._lock.release()

    def forget(self) -> None:
        """Lets go of the lock's copy in a forked process: it is the parent's."""
        os.close(self._lock.descriptor)


def folder_exists(path: Path) -> bool:
    """Says whether an index was ever set up in a folder."""
    return (path / FILE_NAME).is_file()


def open_folder(path: Path) -> Folder:
    """Takes ownership of a folder, or a share in that of this process.

    Raises:
        StoreLockedError: Another process owns it.
        ConfigError: It cannot be written, or what is in it cannot be read.
    """
    key = path.resolve()
    with _guard:
        folder = _open_folders.get(key)
        if folder is None:
            folder = _open_folders[key] = Folder(key)
        folder.users += 1
        return folder


def _forget_after_fork() -> None:
    global _guard
    _guard = threading.Lock()
    for folder in _open_folders.values():
        folder.forget()
    _open_folders.clear()


os.register_at_fork(after_in_child=_forget_after_fork)
