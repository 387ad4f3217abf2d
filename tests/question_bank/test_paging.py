"""How a bank is laid out for answering: each question on exactly one page."""

import pytest

from question_bank.paging import layout


@pytest.mark.parametrize("name", ["small_bank", "real_bank", "old_edition"])
def test_each_question_is_on_exactly_one_page(request, name):
    bank = request.getfixturevalue(name)
    pages = layout(bank)
    asked = [question.id for page in pages.pages for question in page.questions]
    assert sorted(asked) == sorted(question.id for question in bank.questions)
    assert len(asked) == len(set(asked))
    assert set(pages.page_of) == set(asked)
    assert all(
        question in pages.by_key[pages.page_of[question.id]].questions
        for question in bank.questions
    )


def test_scored_sections_have_a_page_for_each_clause(small_bank):
    pages = layout(small_bank).pages
    assert [page.key for page in pages] == ["START", "C-ONE", "C-TWO"]
    assert [page.clause.key if page.clause else None for page in pages] == [
        None,
        "C-ONE",
        "C-TWO",
    ]


def test_sections_that_are_not_scored_are_one_page(real_bank):
    unscored = {section.id for section in real_bank.sections if section.weight == 0}
    found = [
        page.section.id
        for page in layout(real_bank).pages
        if page.section.id in unscored
    ]
    assert sorted(found) == sorted(unscored)


@pytest.mark.parametrize("name", ["small_bank", "real_bank", "old_edition"])
def test_questions_stand_in_document_order_on_their_page(request, name):
    bank = request.getfixturevalue(name)
    order = {question.id: number for number, question in enumerate(bank.questions)}
    for page in layout(bank).pages:
        places = [order[question.id] for question in page.questions]
        assert places == sorted(places)


def test_neighbours_lead_through_all_pages(real_bank):
    pages = layout(real_bank)
    walked = [pages.pages[0]]
    while (following := pages.neighbours(walked[-1].key)[1]) is not None:
        assert pages.neighbours(following.key)[0] == walked[-1]
        walked.append(following)
    assert tuple(walked) == pages.pages
    assert pages.neighbours(pages.pages[0].key)[0] is None


def test_a_page_of_the_shipped_bank_is_short_enough_to_finish(real_bank):
    longest = max(layout(real_bank).pages, key=lambda page: len(page.questions))
    assert len(longest.questions) <= 25, longest.key
