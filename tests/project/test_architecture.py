"""The shape of the house: doors fetch what the person may see, modules stay small."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "backend",
    "accounts",
    "question_bank",
    "assessments",
    "reviews",
    "oversight",
    "reports",
    "frontend",
)
TENANT_MODELS = (
    "Assessment",
    "Answer",
    "AnswerEvent",
    "DataSheet",
    "DataSheetEvent",
    "Evidence",
    "Follow",
    "Move",
    "Report",
    "Mandate",
    "MandateEvent",
    "MandateInvitation",
    "AccessRecord",
    "EnterpriseClaim",
    "Review",
    "ReviewMark",
    "ReviewEvent",
    "Remark",
    "RemarkMessage",
    "ImprovementPlan",
    "PlanTask",
    "PlanEvent",
    "ReadinessItem",
    "Notice",
    "NoticePreference",
    "CoachingProject",
    "Certificate",
    "Recognition",
    "RegisteredUnit",
    "RegisterFile",
    "SeriesFigure",
    "ImportBatch",
    "TitleEquivalence",
    "Absence",
)
FETCH = re.compile(
    rf"\b({'|'.join(TENANT_MODELS)})\.objects\.(?!visible_to\(|own_of\()(\w+)\(([^)]*)"
)


def sources(*patterns: str) -> list[Path]:
    return sorted(
        path
        for app in APPS
        for pattern in patterns
        for path in (ROOT / app).glob(pattern)
        if "migrations" not in path.parts
    )


@pytest.mark.parametrize(
    "path", sources("api/*.py", "pages/**/*.py"), ids=lambda p: str(p.relative_to(ROOT))
)
def test_a_door_reaches_tenant_rows_through_what_the_person_may_see(path):
    """Rows of a child model may be filtered by a parent that was fetched visibly."""
    text = path.read_text()
    found = [
        match.group(0)
        for match in FETCH.finditer(text)
        if not re.search(
            r"\b(assessment|report)=(self\.)?\w*(assessment|report)", match[3]
        )
    ]
    assert found == []


@pytest.mark.parametrize(
    "path", sources("**/*.py"), ids=lambda p: str(p.relative_to(ROOT))
)
def test_modules_and_functions_fit_a_glance(path):
    text = path.read_text()
    if path.name != "settings.py":
        assert len(text.splitlines()) <= 500
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 50, f"{node.name} has {length} lines"


def test_no_room_is_called_after_nothing():
    names = {path.stem for path in sources("**/*.py")}
    assert names.isdisjoint({"utils", "helpers", "common", "misc", "core"})


def test_public_modules_say_what_they_are():
    silent = [
        str(path.relative_to(ROOT))
        for path in sources("**/*.py")
        if path.read_text().strip()
        and ast.get_docstring(ast.parse(path.read_text())) is None
    ]
    assert silent == []


def test_what_runs_on_one_database_alone_asks_for_none():
    """The leg on PostgreSQL leaves these folders out."""
    (folders,) = re.findall(
        r"^PURE_TESTS := (.+)$", (ROOT / "Makefile").read_text(), re.M
    )
    files = [p for folder in folders.split() for p in (ROOT / folder).glob("**/*.py")]
    assert len(files) > len(folders.split())
    asking = re.compile(r"django_db|\bdb\b|shipped_banks|model_city|: World")
    assert [str(path) for path in files if asking.search(path.read_text())] == []
