"""The review page, served to this machine alone.

Real rows are shown, so nothing beyond loopback may ask; a token in the address keeps out other
users of the machine and pages of other sites, and the page itself loads nothing from elsewhere.
"""

from __future__ import annotations

import hmac
import json
import secrets
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Thread
from typing import Any

from simgen.core import RequestError
from simgen.report.review.answers import LONGEST_REMARK, SURENESS, Answers
from simgen.report.review.scoring import ReviewScore, score_answers

HOST = "127.0.0.1"
_LONGEST_REQUEST = 16_384  # [byte]: the longest remark, four bytes a character, and the rest
_STATIC = {
    "": ("review.html", "text/html; charset=utf-8"),
    "review.css": ("review.css", "text/css; charset=utf-8"),
    "review.js": ("review.js", "text/javascript; charset=utf-8"),
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, kw_only=True)
class Example:
    """What is judged: its picture as SVG or HTML, and whether it is real."""

    picture: str
    is_real: bool


class ReviewServer(ThreadingHTTPServer):
    """Serves the review until the expert finishes it.

    Args:
        examples: in the order shown.
        answers: where they are kept.
        title: of the page.
        doc: what an example is and how to read its picture.
        reviewer: who judges.
        port: 0 for any free one.

    Raises:
        RequestError: the port can't be used.
    """

    daemon_threads = True  # an idle connection of a browser must not hold up the end

    def __init__(
        self,
        examples: Sequence[Example],
        answers: Answers,
        *,
        title: str,
        doc: str,
        reviewer: str,
        port: int = 0,
    ) -> None:
        self.examples, self.answers = examples, answers
        self.about = {"title": title, "doc": doc, "reviewer": reviewer}
        # Not from the seed, which everybody may know.
        self.token = secrets.token_urlsafe(24)
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            raise RequestError(
                f"can't serve on port {port}: {error.strerror}: give another port, or port=0 for "
                "any free one"
            ) from None

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{HOST}:{self.server_port}/{self.token}/"

    @property
    def score(self) -> ReviewScore:
        """The score of the answers given so far."""
        truth = [example.is_real for example in self.examples]
        return score_answers(self.answers.given, truth, reviewer=self.about["reviewer"])

    def state(self) -> dict[str, Any]:
        """All that the page may know before the end: nothing of what is real."""
        return {
            **self.about,
            "n_examples": len(self.examples),
            "sureness": SURENESS,
            "longest_remark": LONGEST_REMARK,
            "answers": {number: asdict(answer) for number, answer in self.answers.given.items()},
            "score": self.score.plain() if self.answers.is_finished else None,
        }

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that hangs up."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: ReviewServer
    server_version = "simgen"
    sys_version = ""
    timeout = 30  # [s]

    def do_GET(self) -> None:
        path = self._admitted()
        if path is None:
            return
        if path in _STATIC:
            name, kind = _STATIC[path]
            text = (files("simgen.report.review") / "static" / name).read_text(encoding="utf-8")
            self._send(HTTPStatus.OK, text, kind)
        elif path == "state":
            self._send_json(HTTPStatus.OK, self.server.state())
        elif path in {f"examples/{number}" for number in range(len(self.server.examples))}:
            number = int(path.rpartition("/")[2])
            self._send_json(HTTPStatus.OK, {"picture": self.server.examples[number].picture})
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "there is no such page")

    def do_POST(self) -> None:
        path = self._admitted()
        if path is None:
            return
        try:
            found = self._work(path, self._content())
        except ValueError as error:
            self._refuse(HTTPStatus.BAD_REQUEST, str(error))
        except OSError as error:
            self._refuse(HTTPStatus.INSUFFICIENT_STORAGE, f"not stored: {error.strerror}")
        else:
            self._send_json(HTTPStatus.OK, found)
            if self.server.answers.is_finished:
                Thread(target=self.server.shutdown).start()

    def _work(self, path: str, content: Any) -> dict[str, Any]:
        """Do what was asked for and give the response; ValueError if it can't be done."""
        answers = self.server.answers
        if path == "answers":
            answers.give(answers.check(content))
            return {"n_answers": len(answers.given)}
        if path == "finish":
            answers.finish()
            return self.server.score.plain()
        raise ValueError("only answers and finish can be sent")

    def _admitted(self) -> str | None:
        """The path behind the token; None, and a refusal sent, unless the request is ours."""
        # A page of another site can point a name of its own at 127.0.0.1, but not our token.
        host = self.headers.get("Host", "")
        token, _, path = self.path.removeprefix("/").partition("/")
        named = host in {
            f"{HOST}:{self.server.server_port}",
            f"localhost:{self.server.server_port}",
        }
        origin = self.headers.get("Origin")
        foreign = origin is not None and origin != f"http://{host}"
        if (
            not named
            or foreign
            or not hmac.compare_digest(token.encode(), self.server.token.encode())
        ):
            self._refuse(HTTPStatus.FORBIDDEN, "the address is not the one simgen review printed")
            return None
        return path

    def _content(self) -> Any:
        """The JSON sent; ValueError if there is none, or too much."""
        if self.headers.get("Content-Type") != "application/json":
            raise ValueError("send application/json")
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _LONGEST_REQUEST:
            raise ValueError(f"send at most {_LONGEST_REQUEST} bytes, and say how many")
        return json.loads(self.rfile.read(int(length)))

    def _refuse(self, status: HTTPStatus, reason: str) -> None:
        self._send_json(status, {"error": reason})

    def _send_json(self, status: HTTPStatus, content: Any) -> None:
        self._send(status, json.dumps(content), "application/json")

    def _send(self, status: HTTPStatus, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in {**_HEADERS, "Content-Type": kind}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base's name
        """Keep quiet: the address in a request's line is a secret."""
