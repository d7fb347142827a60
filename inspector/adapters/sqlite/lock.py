"""One Inspector per session: an advisory lock that the system lifts when its holder dies."""

import contextlib
import errno
import os
import sys
from pathlib import Path

from inspector.domain.errors import StoreError

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        # Nobody else can read what is locked there, so a byte far behind the text is.
        os.lseek(descriptor, _BEHIND_THE_TEXT, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_BEHIND_THE_TEXT = 1 << 20


def _text_of(descriptor: int) -> str:
    """Return what a lock file says; nothing where the system does not let it be read."""
    with contextlib.suppress(OSError):
        return os.read(descriptor, 32).decode("ascii", "replace").strip()
    return ""


class SessionInUseError(StoreError):
    """Another Inspector has the session open.

    Attributes:
        holder: " (process N)", or nothing where that is not known.
    """

    def __init__(self, message: str, holder: str) -> None:
        super().__init__(message)
        self.holder = holder


class SessionUnwritableError(StoreError):
    """The session lies where this user, or anybody, can write nothing."""


class SessionLock:
    """Owns ``NAME.inspection-lock`` while a session is open for writing.

    The system drops the lock when the process ends, however it ends, so a lock file that is left
    over never keeps anyone out. Its text is the holder's process number, for the sentence only.
    """

    def __init__(self, session: Path) -> None:
        self._file = session.with_name(session.name + "-lock")
        self._descriptor = self._take(session)

    def _take(self, session: Path) -> int:
        while True:
            try:
                descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o644)
            except OSError as error:
                unwritable = error.errno in (errno.EROFS, errno.EACCES, errno.EPERM)
                kind = SessionUnwritableError if unwritable else StoreError
                raise kind(f"The session {session} cannot be locked: {error.strerror}.") from error
            try:
                _lock(descriptor)
            except OSError as error:
                holder = _text_of(descriptor)
                os.close(descriptor)
                who = f" (process {holder})" if holder else ""
                raise SessionInUseError(
                    f"The session {session.name} is open in another Inspector{who}: "
                    "close it there.",
                    who,
                ) from error
            # The last holder may have removed the file between our opening and locking it.
            if self._still_there(descriptor):
                # The number is for a sentence only; on a full disk the lock holds without it.
                with contextlib.suppress(OSError):
                    os.truncate(descriptor, 0)
                    os.write(descriptor, str(os.getpid()).encode("ascii"))
                return descriptor
            os.close(descriptor)

    def _still_there(self, descriptor: int) -> bool:
        if sys.platform == "win32":
            return True
        try:
            named = os.stat(self._file)
        except FileNotFoundError:
            return False
        return os.path.samestat(named, os.fstat(descriptor))

    def release(self) -> None:
        """Let others in. The lock file goes first, so that nobody waits on a dead name."""
        if sys.platform == "win32":
            os.close(self._descriptor)
            with contextlib.suppress(OSError):
                self._file.unlink()
            return
        with contextlib.suppress(OSError):
            self._file.unlink()
        os.close(self._descriptor)
