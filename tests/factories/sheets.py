"""Answer sheets and report material that hang together, without a database."""

from datetime import UTC, date, datetime
from typing import Any

from frontend.demo_answers import plausible_answers
from question_bank.engine.answers import AnswerSheet
from question_bank.engine.definition import Bank
from question_bank.engine.planning import plan
from question_bank.engine.scoring import score

AS_OF = date(2026, 11, 24)
ISSUED = datetime(2026, 11, 24, 3, tzinfo=UTC)
CODE = "0123456789ABCDEFGHJKMNPQRS"
STRENGTHS = ("attached", "named", "named", "said")


def plausible_sheet(bank: Bank, seed: str, quality: float) -> AnswerSheet:
    """Return a full sheet as a firm of `quality` (0 to 1) would give it."""
    answers = plausible_answers(bank, seed=seed, quality=quality, as_of=AS_OF)
    strengths: dict[str, Any] = {
        question: STRENGTHS[number % 4]
        for number, question in enumerate(answers)
        if bank.question(question).evidence
    }
    return AnswerSheet(answers=answers, strengths=strengths, as_of=AS_OF)


def report_material(bank: Bank, sheet: AnswerSheet, **stored: Any) -> Any:
    """Return what a report is built from; `stored` replaces single answers' rows."""
    from reports.answer_rows import EvidenceFile, StoredAnswer
    from reports.content import Material, Seal

    file = EvidenceFile("制度文件.pdf", "3f2a 9c1b 77de 0a41")
    rows = {
        question: StoredAnswer(
            answer, files=(file,) if sheet.strengths.get(question) == "attached" else ()
        )
        for question, answer in sheet.answers.items()
    }
    card = score(bank, sheet)
    seal = Seal(
        enterprise="测试精密制造有限公司",
        credit_code="91370600MADEM00008",
        edition=bank.edition,
        bank_title=bank.title["zh"],
        bank_id=bank.id,
        bank_version=bank.version,
        bank_sha256=bank.sha256,
        answers_sha256=sheet.sha256,
        record_sha256=sheet.sha256,
        scorer_version=card.scorer_version,
        reference_day="2026年11月24日",
        submitted="2026年11月24日",
        declared_by="声明人（总经理）",
        number="20261124-3F2A9C1B",
    )
    return Material(seal, bank, card, plan(bank, sheet), {**rows, **stored})
