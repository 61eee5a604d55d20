"""`train_tagger`: learn from the own confirmed incidents, or try the pipeline on letters of a CSV file."""

import csv
import io
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from tagging.evaluation import Report
from tagging.learning import train_on_own
from tagging.training import Letter, TooLittle, train

_ENCODINGS: Final = ("utf-8-sig", "gb18030")


class Command(BaseCommand):
    help = (
        "Train the tagger on the confirmed incidents of this installation. With --csv: train on the letters of a file, "
        "of which two in ten are held out, and say how well it does; nothing is kept then."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--csv", type=Path, metavar="FILE", help="UTF-8 or GB18030, with a line of headers")
        parser.add_argument("--text", action="append", metavar="COL", help="column of the text; may be given again")
        parser.add_argument("--label", metavar="COL", help="column of the category")
        parser.add_argument("--report", action="store_true", help="also each category and what was taken for what")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        if options["csv"]:
            report = self._of_file(options["csv"], options["text"] or [], options["label"])
        else:
            report = self._of_own()
        lines = summary(report)
        if options["report"]:
            lines += table(report)
        self.stdout.write("\n".join([*lines, f"seconds: {time.monotonic() - began:.1f}"]))

    def _of_own(self) -> Report:
        tagger = train_on_own()
        if tagger is None:
            raise CommandError("Nothing to learn from yet, or a training is running.")
        use = "in use from now on" if tagger.in_use else "worse than the present one, which stays in use"
        self.stdout.write(f"trained on {tagger.letters} incidents, dictionary {tagger.dictionary}: {use}")
        return Report.from_json(tagger.report)

    def _of_file(self, path: Path, texts: list[str], label: str | None) -> Report:
        if not texts or not label:
            raise CommandError("Name the columns: --text COL --label COL")
        letters = letters_of(path, texts, label)
        try:
            trained = train(letters)
        except TooLittle as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{len(letters)} letters, learnt from {trained.learnt_from}")
        return trained.report


def letters_of(path: Path, texts: list[str], label: str) -> list[Letter]:
    """The rows of a file that have text and category. Raises `CommandError` naming what is missing."""
    try:
        content = _decoded(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    reader = csv.DictReader(io.StringIO(content))
    missing = [column for column in (*texts, label) if column not in (reader.fieldnames or [])]
    if missing:
        raise CommandError(f"No such column: {', '.join(missing)}. There are: {', '.join(reader.fieldnames or [])}")
    rows = ((" ".join((row[column] or "").strip() for column in texts), (row[label] or "").strip()) for row in reader)
    return [Letter(text, said, text) for text, said in rows if text.strip() and said]


def summary(report: Report) -> list[str]:
    return [
        f"held out: {report.letters} letters",
        f"macro-F1: {report.macro_f1:.4f}",
        f"accuracy: {report.accuracy:.4f}",
        f"sure of: {report.sure:.1%}, of these right: {report.accuracy_when_sure:.1%}",
    ]


def table(report: Report) -> list[str]:
    """Each category, then each pair that was confused, the most frequent first."""
    lines = ["", "letters  precision  recall  F1      category"]
    lines += [
        f"{each.letters:7d}  {each.precision:9.3f}  {each.recall:6.3f}  {each.f1:6.3f}  {label}"
        for label, each in report.labels.items()
    ]
    return [*lines, "", "taken for another:", *(f"{count:7d}  {a} → {b}" for count, a, b in report.mistakes())]


def _decoded(content: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CommandError(f"The file is in none of these encodings: {', '.join(_ENCODINGS)}")
