"""An expert's answers on disk: appended one by one, each safe before it is acknowledged."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from simgen.core import RequestError
from simgen.core.whole import whole

SETTINGS, ANSWERS = "review.json", "answers.jsonl"
SURENESS = {1: "guessing", 2: "rather sure", 3: "sure"}
LONGEST_REMARK = 1_000  # characters
_END = {"finished": True}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an expert said of one example.

    Attributes:
        example: its number, from 0.
        is_real: whether it was taken for real.
        sureness: 1, 2 or 3, as `SURENESS` says.
        remark: what looked wrong; "" if nothing was said.
    """

    example: int
    is_real: bool
    sureness: int
    remark: str = ""


class Answers:
    """The answers of one review, in a folder; a killed review goes on where it stopped.

    Args:
        folder: where they lie.
        settings: what the review is of; another review in the same folder is refused.
        n_examples: how many there are to be judged.

    Raises:
        RequestError: the folder can't be used, holds another review, or its answers were damaged.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any], n_examples: int) -> None:
        self.n_examples = n_examples
        self.is_finished = False
        self._answers: dict[int, Answer] = {}
        self._path = folder / ANSWERS
        self._lock = Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _settle(folder / SETTINGS, settings)
            self._read()
        except OSError as error:
            raise RequestError(
                f"can't use the folder {folder}: {error.strerror}: give another out"
            ) from None

    @contextmanager
    def claim(self) -> Iterator[None]:
        """Let nobody else take answers here; the lock dies with this process.

        Raises:
            RequestError: somebody does already, or the folder can't be written to.
        """
        folder = self._path.parent
        try:
            file = self._path.open("ab")
        except OSError as error:
            raise RequestError(
                f"can't write to {folder} ({error.strerror}): give another out"
            ) from None
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise RequestError(
                    f"the review in {folder} is open already: go on or stop it there"
                ) from None
            except OSError as error:
                raise RequestError(
                    f"{folder} can't be locked ({error.strerror}): give an out elsewhere"
                ) from None
            self._read()  # what was answered until now
            yield

    @property
    def given(self) -> Mapping[int, Answer]:
        """The latest answer to each example that has one, by number."""
        return dict(sorted(self._answers.items()))

    def check(self, content: Any) -> Answer:
        """The answer that a request holds; ValueError if it holds none."""
        if not isinstance(content, dict) or set(content) != set(Answer.__dataclass_fields__):
            raise ValueError("an answer has example, is_real, sureness and remark")
        example, sureness, remark = (content[key] for key in ("example", "sureness", "remark"))
        if type(example) is not int or not 0 <= example < self.n_examples:
            raise ValueError(f"example must be a number from 0 to {self.n_examples - 1}")
        if type(content["is_real"]) is not bool:
            raise ValueError("is_real must be true or false")
        if type(sureness) is not int or sureness not in SURENESS:
            raise ValueError("sureness must be 1, 2 or 3")
        if type(remark) is not str or len(remark) > LONGEST_REMARK:
            raise ValueError(f"remark must be a text of at most {LONGEST_REMARK} characters")
        return Answer(**content)

    def give(self, answer: Answer) -> None:
        """Store the answer, in place of an earlier one; it is on disk when this returns.

        Raises:
            ValueError: the review is finished.
        """
        with self._lock:
            if self.is_finished:
                raise ValueError("the review is finished")
            self._append(asdict(answer))
            self._answers[answer.example] = answer

    def finish(self) -> None:
        """Take no more answers; ValueError unless every example has one."""
        with self._lock:
            if len(self._answers) < self.n_examples:
                raise ValueError(f"{self.n_examples - len(self._answers)} examples have no answer")
            if not self.is_finished:
                self._append(_END)
                self.is_finished = True

    def _append(self, line: Mapping[str, Any]) -> None:
        with self._path.open("a+b") as file:
            # What a full disk or a kill left of a line was never acknowledged.
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)
            file.write(f"{json.dumps(line)}\n".encode())
            file.flush()
            os.fsync(file.fileno())

    def _read(self) -> None:
        if not self._path.exists():
            return
        content = self._path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        for number, line in enumerate(whole.splitlines(), start=1):
            try:
                held = json.loads(line)
                if held == _END:
                    self.is_finished = True
                    return
                answer = self.check(held)
            except ValueError as error:
                raise RequestError(
                    f"line {number} of {self._path} is no answer ({error}): remove it"
                ) from None
            self._answers[answer.example] = answer


def _settle(path: Path, settings: Mapping[str, Any]) -> None:
    """Write what the review is of, or find the same written before."""
    if path.exists():
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            held = None
        if held != settings:
            known = held if isinstance(held, dict) else {}
            odd = ", ".join(key for key in settings if known.get(key) != settings[key])
            raise RequestError(
                f"{path.parent} holds another review, which differs in {odd}: give another out"
            )
        return
    with whole(path, durable=False) as aside:  # the same call writes it again
        aside.write_text(json.dumps(settings, indent=1), encoding="utf-8")
