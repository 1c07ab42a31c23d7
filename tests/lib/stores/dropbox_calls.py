"""The calls of Dropbox that we make, answered in the form that its documentation describes. Nothing else is Dropbox."""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from requests.adapters import HTTPAdapter

from backupweb.lib.objectstore import ObjectStore
from backupweb.lib.objectstore.dropbox import DropboxStore


@contextmanager
def answering_dropbox(folder: Path, refresh_token: str) -> Iterator[str]:
    """Where it listens. Files lie below `folder`."""
    access = secrets.token_hex(8)

    class Calls(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None: ...

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path == "/oauth2/token":
                self._token(parse_qs(body.decode()))
                return
            if self.headers.get("Authorization") != f"Bearer {access}":
                self._tell(401, {"error_summary": "invalid_access_token/", "error": {".tag": "invalid_access_token"}})
                return
            argument = json.loads(self.headers.get("Dropbox-API-Arg") or body)
            getattr(self, "_" + self.path.removeprefix("/2/files/").replace("/", "_"))(argument, body)

        def _token(self, form: dict[str, list[str]]) -> None:
            if form["refresh_token"] == [refresh_token]:
                self._tell(200, {"access_token": access, "expires_in": 14400, "token_type": "bearer"})
            else:
                self._tell(400, {"error": "invalid_grant", "error_description": "refresh token is invalid or revoked"})

        def _upload(self, argument: dict[str, Any], body: bytes) -> None:
            path = self._at(argument["path"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
            self._tell(200, self._described(path))

        def _upload_session_start(self, argument: dict[str, Any], body: bytes) -> None:
            session = secrets.token_hex(8)
            (folder / session).write_bytes(body)
            self._tell(200, {"session_id": session})

        def _upload_session_append_v2(self, argument: dict[str, Any], body: bytes) -> None:
            self._append(argument["cursor"], body)
            self._tell(200, None)

        def _upload_session_finish(self, argument: dict[str, Any], body: bytes) -> None:
            coming = self._append(argument["cursor"], body)
            path = self._at(argument["commit"]["path"])
            path.parent.mkdir(parents=True, exist_ok=True)
            coming.replace(path)
            self._tell(200, self._described(path))

        def _append(self, cursor: dict[str, Any], body: bytes) -> Path:
            coming: Path = folder / cursor["session_id"]
            assert coming.stat().st_size == cursor["offset"]
            with coming.open("ab") as file:
                file.write(body)
            return coming

        def _download(self, argument: dict[str, Any], body: bytes) -> None:
            path = self._at(argument["path"])
            if not path.is_file():
                self._not_found("path")
                return
            wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"])
            assert wanted
            size = path.stat().st_size
            start, end = int(wanted[1]), min(int(wanted[2]) + 1, size)
            if start >= size:
                self._tell(416, None)
                return
            self.send_response(206)
            self.send_header("dropbox-api-result", json.dumps(self._described(path)))
            self.send_header("Content-Type", "application/octet-stream")
            self.send_header("Content-Length", str(end - start))
            self.end_headers()
            with path.open("rb") as file:
                file.seek(start)
                for at in range(start, end, 65536):
                    self.wfile.write(file.read(min(65536, end - at)))

        def _get_metadata(self, argument: dict[str, Any], body: bytes) -> None:
            path = self._at(argument["path"])
            if path.is_file():
                self._tell(200, {".tag": "file", **self._described(path)})
            else:
                self._not_found("path")

        def _delete(self, argument: dict[str, Any], body: bytes) -> None:
            path = self._at(argument["path"])
            if not path.is_file():
                self._not_found("path_lookup")
                return
            described = {".tag": "file", **self._described(path)}
            path.unlink()
            self._tell(200, described)

        def _list_folder(self, argument: dict[str, Any], body: bytes) -> None:
            path = self._at(argument["path"])
            if path.is_dir():
                self._list_folder_continue({"cursor": f"0 {argument['path']}"}, body)
            else:
                self._not_found("path")

        def _list_folder_continue(self, argument: dict[str, Any], body: bytes) -> None:
            start, _, path = argument["cursor"].partition(" ")
            files = sorted(self._at(path).iterdir())
            end = int(start) + 2  # short pages, so that turning them is tried
            entries = [{".tag": "file", **self._described(file)} for file in files[int(start) : end]]
            self._tell(200, {"entries": entries, "cursor": f"{end} {path}", "has_more": end < len(files)})

        def _at(self, path: str) -> Path:
            return folder / "dropbox" / path.removeprefix("/")

        def _described(self, path: Path) -> dict[str, Any]:
            found = path.stat()
            modified = datetime.fromtimestamp(found.st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            return {
                "name": path.name,
                "id": "id:aaaaaaaaaaaaaaaaaaaa",
                "client_modified": modified,
                "server_modified": modified,
                "rev": "0123456789abcdef",
                "size": found.st_size,
                "path_lower": "/" + str(path.relative_to(folder / "dropbox")),
                "path_display": "/" + str(path.relative_to(folder / "dropbox")),
            }

        def _not_found(self, tag: str) -> None:
            error = {".tag": tag, tag: {".tag": "not_found"}}
            self._tell(409, {"error_summary": f"{tag}/not_found/", "error": error})

        def _tell(self, status: int, content: Any) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:  # connections break here on purpose
            pass

    server = Server(("127.0.0.1", 0), Calls)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def sent_to(store: ObjectStore, netloc: str) -> None:
    """The library knows Dropbox's hosts only: what it sends to them goes to `netloc`."""

    class Here(HTTPAdapter):
        def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
            request.url = re.sub(r"^https://[a-z]+\.dropbox(api)?\.com", f"http://{netloc}", request.url)
            return super().send(request, *args, **kwargs)

    assert isinstance(store, DropboxStore)
    store._storage.client._session.mount("https://", Here())
