"""A model hub on this machine: what huggingface_hub asks for when it fetches a whole repository, and nothing else."""

import contextlib
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_COMMIT = "a" * 40


@contextlib.contextmanager
def model_hub(repo: str, folder: Path) -> Iterator[str]:
    """Serve ``folder`` as ``repo`` and give the hub's address; any other repository is not found."""
    handler = type("Handler", (_Hub,), {"repo": repo, "folder": folder})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Hub(BaseHTTPRequestHandler):
    repo: str
    folder: Path

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        resolved = f"/{self.repo}/resolve/{_COMMIT}/"
        if path == f"/api/models/{self.repo}/revision/main":
            self._answer(json.dumps({"id": self.repo, "sha": _COMMIT, "siblings": []}).encode())
        elif path == f"/api/models/{self.repo}/tree/{_COMMIT}":
            self._answer(json.dumps([_file(self.folder, found) for found in _files(self.folder)]).encode())
        elif path.startswith(resolved) and (self.folder / path.removeprefix(resolved)).is_file():
            self._answer((self.folder / path.removeprefix(resolved)).read_bytes())
        else:
            self._answer(b"", 404)

    def _answer(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        if status != 200:
            self.send_header("X-Error-Code", "RepoNotFound")
        self.send_header("ETag", f'"{hashlib.sha1(body).hexdigest()}"')
        self.send_header("X-Repo-Commit", _COMMIT)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing on stderr."""


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def _file(folder: Path, path: Path) -> dict[str, object]:
    content = path.read_bytes()
    name = path.relative_to(folder).as_posix()
    return {"type": "file", "path": name, "size": len(content), "oid": hashlib.sha1(content).hexdigest()}
