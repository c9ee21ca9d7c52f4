"""data/corrections.csv: a correction a line; read and checked as a whole, and added to."""

from __future__ import annotations

import csv
import difflib
import io
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from crawler.correctable import FIELDS, Field
from crawler.corrections import ID, Correction, Corrections, folded
from crawler.database import explained
from crawler.redaction import without_pesel
from crawler.written import Known, day
from normalize import words

CORRECTIONS = "corrections.csv"
COLUMNS = ("article", "field", "item", "value", "reason", "who", "day")
_OUR_PAGE = re.compile(r"https?://\S+/articles/([0-9a-f]{16})(?:[.?#]\S*)?")
_LONGEST_REASON = 500


class CorrectionsError(Exception):
    """The file cannot be used; each line names file, line and column. Nothing is changed."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class NotACorrection(Exception):
    """What was asked for cannot be a line of the file, which stays as it was."""


def beside(database: Path, known: Known) -> Corrections:
    """The corrections in the folder of this database; none where there is no file.

    Raises CorrectionsError with every problem found, not only the first.
    """
    path = database.parent / CORRECTIONS
    with explained(path):
        return Corrections(parsed(path.read_bytes(), known, name=str(path)) if path.exists() else (), known)


def parsed(body: bytes, known: Known, *, name: str = CORRECTIONS) -> list[Correction]:
    """The lines of a file. Raises CorrectionsError with every problem found."""
    text = _decoded(body, name)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text), strict=True)
    problems: list[str] = []
    lines: list[Correction] = []
    header: list[str] | None = None
    first: dict[tuple[str, ...], int] = {}
    before = 0
    try:
        for row in rows:
            number, before = before + 1, rows.line_num
            cells = [words.clean(cell) for cell in row]
            if not any(cells) or cells[0].startswith("#"):
                continue
            if header is None:
                header = [cell.lower() for cell in cells]
                _check_header(header, f"{name}:{number}")
                continue
            told, line = _line(cells, header, number, known)
            problems += [f"{name}:{number}: {one}" for one in told]
            if line is not None:
                same = (line.target, line.field, folded(line.item), line.value or "" if line.adds else "")
                if same in first:
                    problems.append(f"{name}:{number}: the same as line {first[same]} corrects; keep one of them")
                first.setdefault(same, number)
                lines.append(line)
    except csv.Error as error:
        problems.append(f"{name}:{before + 1}: not a line of CSV ({error}); a cell with quotes must be closed by them")
    if header is None and not problems:
        problems.append(f"{name}:1: the first line must name the columns: {','.join(COLUMNS)}")
    if problems:
        raise CorrectionsError(problems)
    return lines


def delimiter(text: str) -> str:
    """What parts the cells of the first line that is no comment: spreadsheets of Polish offices write semicolons."""
    head = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    return max(",;\t", key=head.count) if head else ","


def added(body: bytes, cells: Mapping[str, str], known: Known, *, name: str = CORRECTIONS) -> bytes:
    """The file with one more line, in its own manner. `name`: how its problems call it.

    Raises CorrectionsError when the file is wrong already, NotACorrection when the line would be.
    """
    if not body.strip():
        body = (",".join(COLUMNS) + "\n").encode()
    parsed(body, known, name=name)
    text = _decoded(body, name)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text))
    header = next([cell.strip().lower() for cell in row] for row in rows if any(row) and not row[0].startswith("#"))
    end = "\r\n" if "\r\n" in text else "\n"
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter(text), lineterminator=end).writerow(
        [cells.get(column, "") for column in header]
    )
    whole = body + (b"" if body.endswith((b"\n", b"\r")) else end.encode()) + line.getvalue().encode()
    try:
        parsed(whole, known, name=name)
    except CorrectionsError as error:
        told = [problem.removeprefix(f"{name}:").partition(":")[2].strip() for problem in error.problems]
        raise NotACorrection("; ".join(told)) from error
    return whole


def write(path: Path, body: bytes) -> None:
    """Put the file in place of the old one, whole or not at all. Raises DatabaseProblem."""
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f"{path.name}.new")
        with new.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            new.chmod(path.stat().st_mode & 0o777)
        new.replace(path.resolve())  # where the file is a link into a repository, the link stays


def _decoded(body: bytes, name: str) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise CorrectionsError([f"{name}:{line}: not UTF-8; save it as “CSV UTF-8”"]) from error


def _check_header(header: Sequence[str], where: str) -> None:
    wrong = [f"unknown column '{name}'" for name in header if name not in COLUMNS]
    wrong += [f"column '{name}' is missing" for name in COLUMNS if name not in header]
    wrong += [f"column '{name}' stands twice" for name in sorted(set(header)) if header.count(name) > 1]
    if wrong:
        raise CorrectionsError([f"{where}: {one}; the columns are {','.join(COLUMNS)}" for one in wrong])


def _line(
    cells: Sequence[str], header: Sequence[str], number: int, known: Known
) -> tuple[list[str], Correction | None]:
    """What is wrong with a line, and what it says when nothing is."""
    if len(cells) != len(header):
        return [f"{len(cells)} cells under {len(header)} columns; put a cell with a comma or semicolon in quotes"], None
    told = dict(zip(header, cells, strict=True))
    problems = [f"{name}: empty" for name in ("article", "field", "reason", "who", "day") if not told[name]]
    article = _article(told["article"])
    if told["article"] and article is None:
        problems.append(f"article: '{told['article'][:80]}' is neither an http address nor an article's id")
    corrected, value = _day(told["day"], problems), None
    field = FIELDS.get(told["field"])
    if field is None and told["field"]:
        nearest = difflib.get_close_matches(told["field"], FIELDS, n=3, cutoff=0.5)
        hint = f"nearest: {', '.join(nearest)}" if nearest else f"one of {', '.join(FIELDS)}"
        problems.append(f"field: unknown field '{told['field'][:40]}'; {hint}")
    if field is not None:
        problems += _fits(field, told["item"], told["value"])
        value = _value(field, told["value"], known, problems)
    if len(told["reason"]) > _LONGEST_REASON:
        problems.append(f"reason: longer than {_LONGEST_REASON} characters")
    for name in ("item", "value", "reason"):
        if without_pesel(told[name]) != told[name]:
            problems.append(f"{name}: holds a PESEL number; take it out")
    if problems:
        return problems, None
    assert article is not None
    assert field is not None
    return [], Correction(
        article=article,
        field=field.name,
        item=told["item"],
        value=value,
        reason=told["reason"],
        who=told["who"],
        day=corrected,
        line=number,
    )


def article_id(text: str) -> str | None:
    """An article's id, also out of the address of our own page of it; None where it is something else."""
    ours = _OUR_PAGE.fullmatch(text)
    if ours:
        return ours[1]
    return text if ID.fullmatch(text) else None


def _article(text: str) -> str | None:
    """An id, or an address."""
    if (id := article_id(text)) is not None:
        return id
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.hostname and " " not in text else None


def _day(text: str, problems: list[str]) -> str:
    try:
        return day(text) if text else ""
    except ValueError as error:
        problems.append(f"day: {error}")
        return ""


def _value(field: Field, text: str, known: Known, problems: list[str]) -> str | None:
    if not text or field.read is None:
        return None
    try:
        return field.read(text, known)
    except ValueError as error:
        problems.append(f"value: {error}")
        return None


def _fits(field: Field, item: str, value: str) -> list[str]:
    """What is wrong with item and value together."""
    if field.sort == "scalar":
        problems = ["item: an article has only one; leave it empty"] if item else []
        return [*problems, *([f"value: {field.name} cannot be empty"] if field.needed and not value else [])]
    if field.sort == "part":
        return [f"value: {field.name} cannot be empty"] if field.needed and not value else []
    if not item and not value:
        return [f"item: say which {field.name}, by the value or the words that the page of the article shows"]
    if value and field.read is None:
        return [f"value: {field.name} can only be taken away; leave it empty"]
    if value and item and not field.replaced:
        others = ", ".join(name for name in FIELDS if name.startswith(f"{field.name}."))
        hint = f"; correct {others}" if others else "; take it away and add the other in a line of its own"
        return [f"value: no other can be put in place of a {field.name}{hint}"]
    return []
