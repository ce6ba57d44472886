"""Read-only access to a SQLite database that another process writes to.

Plain ``mode=ro`` is not read-only: SQLite then creates a ``-shm`` file, and for a database that was closed cleanly a
``-wal`` file too. So the way of opening depends on the files that exist:

- no ``-wal``: ``immutable=1``, and the result counts only if nothing has changed meanwhile;
- ``-wal`` and ``-shm``: ``mode=ro`` with ``readonly_shm=1``, which neither creates nor writes the ``-shm``;
- all other cases, and if these fail: a private copy of the files, which is removed afterwards.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import quote

from clawtui.files.fs.reading import reason_of, require_regular, stamp_of
from clawtui.model.documents.base import Stamp
from clawtui.model.errors import Unreadable

WAL = "-wal"
SHARED_MEMORY = "-shm"
JOURNAL = "-journal"

MAX_COPY = 512 * 1024 * 1024
"""The most bytes of a database that are copied if it cannot be read in place."""
BUSY_SECONDS = 0.25
"""The seconds that one statement waits for a lock of the gateway."""
_ATTEMPTS = 5

_Result = TypeVar("_Result")
Row = dict[str, object]


class _Changed(Exception):
    """The files changed while they were read."""


class _Files(NamedTuple):
    """The versions of a database's files; None for a missing one. Any reader changes the ``-shm``."""

    database: Stamp
    wal: Stamp | None
    journal: Stamp | None
    has_shared_memory: bool


class Database:
    """An open database. Each query has a read transaction of its own, except within `snapshot`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._columns: dict[str, frozenset[str]] = {}

    @property
    def user_version(self) -> int:
        """The version of the schema that the writer has set."""
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def columns(self, table: str) -> frozenset[str]:
        """Return the names of the columns of ``table``, cached; empty if there is no such table."""
        if table not in self._columns:
            rows = self._connection.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()
            self._columns[table] = frozenset(str(name) for (name,) in rows)
        return self._columns[table]

    def select(self, table: str, columns: Sequence[str], rest: str = "", values: Sequence[object] = ()) -> list[Row]:
        """Return rows with those of ``columns`` that ``table`` has; empty if there is no such table.

        Args:
            table: The name of a table, a constant of this package and never a text from disk.
            columns: Names of columns, also constants.
            rest: The SQL after the table's name, with ``?`` as the placeholder of each value.
            values: The values of the placeholders.
        """
        names = [name for name in columns if name in self.columns(table)]
        if not names:
            return []
        # The names are constants of this package.
        cursor = self._connection.execute(f"SELECT {', '.join(names)} FROM {table} {rest}", tuple(values))
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def last_rowid(self, table: str) -> int:
        """Return the greatest rowid of ``table``, a constant of this package; 0 if it is empty or missing."""
        if not self.columns(table):
            return 0
        found = self._connection.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0]
        return found if isinstance(found, int) else 0

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all queries within the ``with`` see one state of the database. It delays the writer's checkpoints."""
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")


def read_database(path: Path, read: Callable[[Database], _Result]) -> _Result:
    """Return what ``read`` returns for the database at ``path``, without writing anything beside it.

    ``read`` is called again if the files changed in the meantime.

    Raises:
        FileNotFoundError: There is no file at ``path``.
        Unreadable: It cannot be read; the text is one plain line.
    """
    reason = "it changed each time while it was read"
    for attempt in range(_ATTEMPTS):
        files = _files(path)
        try:
            # The last attempt reads a copy, so it does not fail if the files change again.
            return _read_as_is(path, files, read) if attempt < _ATTEMPTS - 1 else _read_copy(path, read)
        except _Changed:
            continue
        except sqlite3.Error as error:
            reason = reason_of_sqlite(error)
            if _files(path) != files:
                continue
            if _may_help_to_copy(error, files):
                return _read_copy(path, read)
            raise Unreadable(reason) from error
    raise Unreadable(reason)


def reason_of_sqlite(error: sqlite3.Error) -> str:
    """Return SQLite's error in plain words."""
    text = str(error).lower()
    if "not a database" in text or "malformed" in text or "disk i/o" in text:
        return f"is damaged and cannot be read (SQLite: {text})"
    if "locked" in text or "busy" in text:
        return "is locked by another process, which may be migrating it"
    return f"cannot be read (SQLite: {text})"


def _may_help_to_copy(error: sqlite3.Error, files: _Files) -> bool:
    """Return whether the error may come from the way of opening, and not from the content of the files."""
    text = str(error).lower()
    opening = ("unable to open", "readonly", "read-only", "attempt to write", "locked", "busy")
    return any(word in text for word in opening) or (files.wal is not None and "disk i/o" in text)


def _files(path: Path) -> _Files:
    """Return the versions of the files. Raises FileNotFoundError, and Unreadable if one is not a regular file."""
    database = _stamp(path)
    if database is None:
        raise FileNotFoundError(path)
    wal, journal = _stamp(_beside(path, WAL)), _stamp(_beside(path, JOURNAL))
    return _Files(database, wal, journal, _stamp(_beside(path, SHARED_MEMORY)) is not None)


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unreadable(reason_of(error)) from error
    require_regular(status.st_mode)
    return stamp_of(status)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _read_as_is(path: Path, files: _Files, read: Callable[[Database], _Result]) -> _Result:
    if not os.access(path, os.R_OK):
        raise Unreadable("permission denied")
    if files.wal is None and files.journal is None:
        result = _read_with(path, "mode=ro&immutable=1", read)
        if _files(path) != files:
            raise _Changed
        return result
    if files.wal is not None and files.has_shared_memory and not _would_be_chowned(path):
        return _read_with(path, "mode=ro&readonly_shm=1", read)
    return _read_copy(path, read)


def _would_be_chowned(path: Path) -> bool:
    """Return whether SQLite, run by root, would change the owner of the ``-wal`` to that of the database."""
    if os.geteuid() != 0:
        return False
    try:
        owners = {(status.st_uid, status.st_gid) for status in (path.lstat(), _beside(path, WAL).lstat())}
    except OSError:
        return True
    return len(owners) > 1


def _read_copy(path: Path, read: Callable[[Database], _Result]) -> _Result:
    """Copy the database and the files that belong to it into a private directory, and read it there."""
    for _ in range(_ATTEMPTS):
        files = _files(path)
        size = files.database.size + (files.wal.size if files.wal else 0)
        if size > MAX_COPY:
            raise Unreadable(f"can only be read as a copy, and is {size:,} bytes: more than the {MAX_COPY:,} copied")
        with tempfile.TemporaryDirectory(prefix="clawtui-") as directory:
            copy = Path(directory) / "copy.sqlite"
            try:
                for suffix in ("", WAL, JOURNAL):
                    if suffix != SHARED_MEMORY and _stamp(_beside(path, suffix)) is not None:
                        shutil.copyfile(_beside(path, suffix), _beside(copy, suffix), follow_symlinks=False)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise Unreadable(reason_of(error)) from error
            now = _files(path)
            if (now.database, now.wal, now.journal) != (files.database, files.wal, files.journal):
                continue
            try:
                return _read_with(copy, "mode=rw", read)
            except sqlite3.Error as error:
                raise Unreadable(reason_of_sqlite(error)) from error
    raise Unreadable("is written to so often that no copy of it can be made")


def _read_with(path: Path, options: str, read: Callable[[Database], _Result]) -> _Result:
    address = f"file:{quote(str(path.absolute()))}?{options}"
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA query_only=1")
        connection.text_factory = _text
        return read(Database(connection))
    finally:
        connection.close()


def _text(data: bytes) -> str:
    """Return text in UTF-8 decoded, with marks in place of invalid bytes."""
    return data.decode("utf-8", "replace")
