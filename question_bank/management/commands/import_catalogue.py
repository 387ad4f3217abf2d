"""Make a draft bank of a control catalogue: `manage.py import_catalogue FILE …`."""

from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError

from question_bank.catalogue import draft_bank
from question_bank.catalogue_draft import Draft
from question_bank.publishing import BANKS_DIR
from question_bank.yaml_reading import MAX_BYTES


class Command(BaseCommand):
    """Read a CSV or XLSX catalogue, print its problems, write a bank folder."""

    help = "Make a draft question bank of a control catalogue (CSV or XLSX)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--id", required=True, dest="bank")
        parser.add_argument("--title", required=True, help="Chinese title")
        parser.add_argument("--title-en", default="", help="English title")
        parser.add_argument("--edition", default="", help="default: the title")
        parser.add_argument("--out", type=Path, help="default: among the banks")

    def handle(self, *_args: Any, **options: Any) -> None:
        file, bank = options["file"], options["bank"]
        source, problems = draft_bank(
            _bytes(file), file=file.name, draft=_draft(options)
        )
        for problem in problems:
            self.stdout.write(str(problem))
        if source is None:
            raise CommandError(f"{file.name} was not imported.")
        folder = options["out"] or BANKS_DIR / bank
        if folder.exists():
            raise CommandError(f"{folder} exists already; nothing was overwritten.")
        write_folder(source, folder)
        self.stdout.write(f"{folder}: {len(source['questions'])} questions")


def write_folder(source: dict[str, Any], folder: Path) -> None:
    """Write source data as a bank's folder of YAML files; CommandError when too big."""
    frame = {k: v for k, v in source.items() if k not in ("questions", "checks")}
    texts = {"bank.yaml": _yaml(frame)}
    for number, part in enumerate(_parts(source["questions"]), start=1):
        texts[f"sections/{number:03}.yaml"] = _yaml({"questions": part})
    if max(len(text.encode()) for text in texts.values()) > MAX_BYTES:
        raise CommandError("The texts are too long for a bank; split the catalogue.")
    (folder / "sections").mkdir(parents=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def _parts(questions: list[Any]) -> Iterator[list[Any]]:
    """Yield the questions a section at a time, or by forty when there are many."""
    sections = [list(group) for _, group in groupby(questions, lambda q: q["section"])]
    if len(sections) <= 50 and all(len(section) <= 100 for section in sections):
        yield from sections
    else:
        for start in range(0, len(questions), 40):
            yield questions[start : start + 40]


# libyaml is several times faster; both write the same.
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Plain(_Dumper):  # type: ignore[misc]
    """A writer without anchors: banks refuse them."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _yaml(data: Any) -> str:
    text: str = yaml.dump(
        data,
        Dumper=_Plain,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None,
        width=100,
    )
    return text


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error


def _draft(options: dict[str, Any]) -> Draft:
    title = {"zh": options["title"], "en": options["title_en"]}
    return Draft(
        id=options["bank"],
        title={locale: text for locale, text in title.items() if text},
        edition=options["edition"] or options["title"],
    )
