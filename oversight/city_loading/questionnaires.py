"""The model city asked with the questions of the banks that ship."""

from dataclasses import dataclass, field

from oversight.city.questionnaires import Question, Questionnaire, questionnaire
from oversight.counting.facts import Standard
from question_bank.engine.definition import Bank, Kind
from question_bank.selectors import compiled_bank, offered_version

BANKS = {
    Standard.ENTERPRISE_2013: "gbt29490_2013",
    Standard.ENTERPRISE_2023: "gbt29490_2023",
}


@dataclass(frozen=True)
class AskedBank:
    """The version on offer of one edition's bank, and how the city answers it."""

    version: int
    bank: Bank
    sha256: str
    questions: Questionnaire
    _above: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def with_parents(self, clauses: tuple[str, ...]) -> list[str]:
        """Return clauses and all above them in the order of the bank: a gap of a
        clause is one of the clauses it belongs to."""
        found = {key for clause in clauses for key in self._up(clause)}
        return [clause.key for clause in self.bank.clauses if clause.key in found]

    def _up(self, clause: str) -> tuple[str, ...]:
        if not self._above:
            parents = {c.key: c.parent for c in self.bank.clauses}
            for key in parents:
                line, above = [key], parents[key]
                while above is not None:
                    line.append(above)
                    above = parents[above]
                self._above[key] = tuple(line)
        return self._above.get(clause, ())


def asked_banks(seed: int) -> dict[Standard, AskedBank]:
    """Return both editions as offered now; DoesNotExist when one is not published."""
    return {standard: _asked(seed, standard, name) for standard, name in BANKS.items()}


def _asked(seed: int, standard: Standard, name: str) -> AskedBank:
    version = offered_version(name)
    bank = compiled_bank(version.sha256)
    asked = [q for q in bank.questions if q.type is Kind.LEVEL and q.clauses]
    drawn = questionnaire(seed, standard, [q.clauses[0] for q in asked])
    questions = tuple(
        Question(real.id, model.clause, model.difficulty, model.discrimination)
        for real, model in zip(asked, drawn.questions, strict=True)
    )
    return AskedBank(
        version.pk, bank, version.sha256, Questionnaire(standard, questions)
    )
