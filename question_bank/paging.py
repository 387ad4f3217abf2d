"""How a bank is laid out for answering: one page a leaf clause.

Sections that are not scored (profile, preconditions) are one page each, since
their questions belong together whatever clause they cite.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from question_bank.engine.definition import Bank, Clause, Question, Section


@dataclass(frozen=True)
class Page:
    """One answering page. `key` is the clause's key, or the section's id."""

    key: str
    section: Section
    clause: Clause | None
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Layout:
    """All pages in document order."""

    pages: tuple[Page, ...]
    by_key: Mapping[str, Page]
    page_of: Mapping[str, str]

    def neighbours(self, key: str) -> tuple[Page | None, Page | None]:
        """Return the pages before and after `key`."""
        index = self.pages.index(self.by_key[key])
        before = self.pages[index - 1] if index else None
        after = self.pages[index + 1] if index + 1 < len(self.pages) else None
        return before, after


def layout(bank: Bank) -> Layout:
    """Return the bank's pages; they are kept with the bank."""
    return bank.memo("layout", _layout)


def _layout(bank: Bank) -> Layout:
    pages = tuple(_pages(bank))
    return Layout(
        pages,
        {page.key: page for page in pages},
        {question.id: page.key for page in pages for question in page.questions},
    )


def _pages(bank: Bank) -> list[Page]:
    groups: dict[str, list[Question]] = {}
    for question in bank.questions:
        groups.setdefault(_page_key(bank, question), []).append(question)
    return [
        Page(
            key,
            bank.section(questions[0].section),
            bank.clause(key) if _by_clause(bank, questions[0]) else None,
            tuple(questions),
        )
        for key, questions in groups.items()
    ]


def _by_clause(bank: Bank, question: Question) -> bool:
    return bank.section(question.section).weight > 0 and question.clause is not None


def _page_key(bank: Bank, question: Question) -> str:
    return str(question.clause) if _by_clause(bank, question) else question.section
