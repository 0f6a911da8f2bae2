"""Static files and the pictures of articles, from the event loop: compressed, never guessed at, never run."""

import asyncio
import re
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from whitenoise import WhiteNoise
from whitenoise.responders import MissingFileError, Response, StaticFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from kepu.intake.app import Scope, Send

STATIC, PICTURES = "/static/", "/media/images/"
PIECE = 65_536
DAY_SECONDS = 86_400
ASKED = ("accept-encoding", "if-none-match", "if-modified-since", "range")
_PACKAGE = Path(__file__).resolve().parent.parent
_HASHED = r"\.[0-9a-f]{12}\."
_PICTURE = re.compile(r"[^/\\\x00]+\.(?:jpg|jpeg|png|webp)", re.IGNORECASE)


class HashedStatic(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Collected files carry their digest in their names, so that a browser may keep them for good."""

    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        """The name with its digest; as it is where nothing was collected yet (tests, first start)."""
        found: str = self.hashed_files.get(self.hash_key(self.clean_name(name)), name)
        return found

    def url_converter(self, name: str, hashed_files: Any, template: Any = None) -> Any:
        """How a file's references get their digests: those of scripts only where the script is our own."""
        ours = (_PACKAGE / name.partition("/")[0] / "static").is_dir()
        if name.endswith(".js") and not ours:
            return lambda found: found[0]
        return super().url_converter(name, hashed_files, template)


class Files:
    """Answers for what lies in two folders: the collected static files and the pictures' renditions.

    Nothing else of the media folder is reachable, least of all what people uploaded as it came.
    """

    def __init__(self, static: Path, pictures: Path) -> None:
        self._static = WhiteNoise(
            None,
            allow_all_origins=False,
            immutable_file_test=_HASHED,
            add_headers_function=lambda headers, _path, _url: headers.add_header(*_NOSNIFF),
        )
        if static.is_dir():
            self._static.add_files(str(static), STATIC)
            self._static.files.pop(f"{STATIC}staticfiles.json", None)
        self._pictures = WhiteNoise(
            None,
            max_age=DAY_SECONDS,
            allow_all_origins=False,
            add_headers_function=lambda headers, _path, _url: _shut_in(headers),
        )
        self._folder = pictures

    async def answered(self, scope: Scope, send: Send) -> bool:
        """Whether there is such a file, and then it is on the wire; False leaves everything to others."""
        if not scope["path"].startswith((STATIC, PICTURES)):
            return False
        response = await asyncio.to_thread(self._response, scope)
        if response is None:
            return False
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in response.headers]
        await send({"type": "http.response.start", "status": int(response.status), "headers": headers})
        try:
            piece = b"" if response.file is None else await asyncio.to_thread(response.file.read, PIECE)
            while piece:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                piece = await asyncio.to_thread(response.file.read, PIECE)
            await send({"type": "http.response.body", "body": b""})
        finally:
            if response.file is not None:
                response.file.close()
        return True

    def _response(self, scope: Scope) -> Response | None:
        found = self._found(scope["path"])
        if found is None:
            return None
        sent = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        asked = {"HTTP_" + name.upper().replace("-", "_"): sent[name] for name in ASKED if name in sent}
        return found.get_response(scope["method"], asked)

    def _found(self, path: str) -> StaticFile | None:
        if path.startswith(STATIC):
            return self._static.files.get(path)
        name = path.removeprefix(PICTURES)
        if not _PICTURE.fullmatch(name):
            return None
        try:
            return self._pictures.get_static_file(str(self._folder / name), path)
        except MissingFileError:
            return None


def _shut_in(headers: Headers) -> None:
    headers.add_header(*_NOSNIFF)
    headers.add_header("Content-Security-Policy", "default-src 'none'; sandbox")


_NOSNIFF = ("X-Content-Type-Options", "nosniff")
