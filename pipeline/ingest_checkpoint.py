"""How far files have been ingested: a small file that survives a kill at any moment."""

import hashlib
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from pipeline.whole_file import write_whole
from schemas.config import Config
from transforms.storage.open import place_of


class FileProgress(BaseModel):
    """How much of one file is in the index; size and time tell whether it is the same file."""

    size: int
    modified: float
    records: int = 0
    done: bool = False


class Checkpoint(BaseModel):
    """What has been ingested into one index, by the files' full paths."""

    files: dict[str, FileProgress] = Field(default_factory=dict)

    def progress_of(self, path: Path) -> FileProgress:
        """Gives a file's progress; that of another file of the same name is forgotten."""
        stat = path.stat()
        known = self.files.get(str(path.resolve()))
        if known is None or (known.size, known.modified) != (stat.st_size, stat.st_mtime):
            known = FileProgress(size=stat.st_size, modified=stat.st_mtime)
            self.files[str(path.resolve())] = known
        return known


def checkpoint_file(config: Config) -> Path:
    """Gives where the checkpoint of an index lies, in the user's folder for state."""
    from platformdirs import user_state_path

    key = hashlib.sha256(place_of(config).encode()).hexdigest()[:16]
    return user_state_path("dateline") / "ingest" / f"{key}.json"


def load_checkpoint(path: Path) -> Checkpoint:
    """Reads a checkpoint; an unreadable one counts as none, which costs time and nothing else."""
    try:
        return Checkpoint.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return Checkpoint()


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Writes a checkpoint, whole or not at all (then TransientError)."""
    write_whole(path, checkpoint.model_dump_json())
