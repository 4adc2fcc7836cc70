"""A trace of the learner's own: taken from this machine alone, read at once, and gone from the disk when it is read."""

from __future__ import annotations

import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from ironlaw.base.errors import ModelError
from ironlaw.lab.file_recording import file_recording
from ironlaw.system.trace.read import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from ironlaw.lab.recording import Recording

LARGEST = 256 * 1024 * 1024
"""Bytes of a file that is taken in [B]."""
KEPT = 4
"""Traces that can be looked at again; the oldest makes place for a new one."""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_LONGEST_NAME = 200
_BAD, _FORBIDDEN, _TOO_LARGE = 400, 403, 413


class UploadError(ModelError, ValueError):
    """A file that is not taken in.

    Args:
        status: What HTTP calls it.
        message: Why.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__("trace", message)
        self.status = status


class Shelf:
    """The traces that this server was given, and the folder in which they lie while they are read.

    Attributes:
        recordings: What can be looked at, by id.
    """

    def __init__(self, largest: int = LARGEST) -> None:
        self.recordings: dict[str, Recording] = {}
        self._largest = largest
        self._folder = tempfile.TemporaryDirectory(prefix="ironlaw-")

    @property
    def folder(self) -> Path:
        """Where files lie while they are read."""
        return Path(self._folder.name)

    def close(self) -> None:
        """Remove the folder with all that is in it."""
        self.recordings.clear()
        self._folder.cleanup()

    async def taken(self, request: Request) -> str:
        """Take a file in and read it.

        Args:
            request: The file as its body, its name in `X-Name`.

        Returns:
            The id under which it can be looked at.

        Raises:
            UploadError: if it comes from elsewhere, is too large or is empty.
            ModelError: if it cannot be read as a trace.
        """
        _require_own_page(request)
        name = _name(request)
        path = self.folder / uuid.uuid4().hex
        try:
            await self._stream(request, path)
            recording = await run_in_threadpool(_read, path, name)
        finally:
            path.unlink(missing_ok=True)
        key = uuid.uuid4().hex
        self.recordings[key] = recording
        while len(self.recordings) > KEPT:
            del self.recordings[next(iter(self.recordings))]
        return key

    async def _stream(self, request: Request, path: Path) -> None:
        """Write the body down as it comes, up to the largest size."""
        size = 0
        with path.open("wb") as file:
            async for piece in request.stream():
                size += len(piece)
                if size > self._largest:
                    limit = self._largest // (1024 * 1024)
                    raise UploadError(_TOO_LARGE, f"the file is larger than {limit} MiB")
                file.write(piece)
        if size == 0:
            raise UploadError(_BAD, "the file is empty")


def _require_own_page(request: Request) -> None:
    """Only this machine, and only the page that this server serves, may send files."""
    if request.client is None or request.client.host not in _LOOPBACK:
        raise UploadError(_FORBIDDEN, "traces are taken from this machine alone")
    origin = request.headers.get("origin")
    if origin is not None and origin.split("://")[-1] != request.headers.get("host"):
        raise UploadError(_FORBIDDEN, "another site may not send traces")


def _name(request: Request) -> str:
    """The name of the file, without a folder and without what cannot be printed."""
    given = unquote(request.headers.get("x-name", ""))
    last = given.replace("\\", "/").rsplit("/", 1)[-1][:_LONGEST_NAME]
    return "".join(letter for letter in last if letter.isprintable()) or "trace"


def _read(path: Path, name: str) -> Recording:
    """A file as a recording; what is wrong with it is said of its own name.

    Raises:
        UploadError: if it cannot be read as a trace, or nothing in it repeats.
    """
    try:
        return file_recording(read(path), name)
    except ModelError as error:
        raise UploadError(_BAD, str(error).replace(str(path), name)) from error


async def take_trace(request: Request) -> Response:
    """`POST /trace`: the id of the trace, or field and message of what is wrong with it.

    Args:
        request: The file as its body.
    """
    shelf: Shelf = request.app.state.shelf
    try:
        return JSONResponse({"trace": await shelf.taken(request)})
    except UploadError as error:
        return JSONResponse({"field": error.field, "message": str(error)}, error.status)
