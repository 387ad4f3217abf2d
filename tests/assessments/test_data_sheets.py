"""The data sheet in the database: saving, conflicts, next year, confirming, facts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent
from assessments.data_sheet_changes import (
    InvalidDataSheet,
    SheetChanges,
    changes_from_json,
    read_right,
    read_slot,
    read_veto,
)
from assessments.data_sheet_facts import FactSet, facts_of
from assessments.data_sheets import (
    is_open_year,
    last_complete_year,
    sheet_years,
    year_sheet,
)
from assessments.models import DataSheet, DataSheetEvent
from assessments.services import StaleSheet, confirm_data_sheet
from assessments.services.data_sheets import NotReadyToConfirm, UnknownYear
from backend.errors import NotFound, PreconditionRequired
from question_bank.data_sheet import data_sheet_definition
from question_bank.engine.data_values import InvalidEntry
from tests.assessments.data_sheets import YEAR, save, save_sound, typed
from tests.engine.data_sheets import AS_OF
from tests.fixtures_assessments import AT

PATENT = "ZL201310699744.2"
VETO = {
    "kind": "infringement", "finding_body": "某法院", "document": "（2024）鲁06民终1号",
    "decided_on": "2024年5月6日",
}  # fmt: skip


def confirm(member, revision, *, year=YEAR):
    return confirm_data_sheet(
        enterprise=member.organisation,
        year=year,
        revision=revision,
        actor=member.user,
        at=AT,
    )


def current(member, year=YEAR):
    return year_sheet(member.user, member.organisation, year, as_of=AS_OF)


# --- Saving -----------------------------------------------------------------------


def test_the_first_save_makes_the_sheet(owner):
    row = save(owner, typed(staff="350", licences="无"))
    assert (row.year, row.revision) == (YEAR, 1)
    assert row.values == {
        "staff": {"state": "value", "value": 350},
        "licences": {"state": "none"},
    }
    event = DataSheetEvent.objects.get()
    assert (event.action, event.revision, event.actor) == ("created", 1, owner.user)
    assert event.changes["staff"] == [None, {"state": "value", "value": 350}]


def test_every_save_leaves_a_line_of_audit_without_the_figures(owner):
    save(owner, typed(staff="350"))
    line = AuditEvent.objects.get(action="data_sheet.created")
    assert line.detail == {"year": YEAR, "revision": 1, "fields": ["staff"]}
    assert line.organisation == owner.organisation


def test_a_contributor_fills_in_too(owner, contributor):
    save(owner, typed(staff="350"))
    row = save(contributor, typed(rd_staff="40"), revision=1)
    assert (row.revision, row.updated_by) == (2, contributor.user)


def test_a_stranger_and_the_bureau_find_nothing(owner, stranger, bureau_manager):
    save(owner, typed(staff="350"))
    for foreign in (stranger, bureau_manager):
        seen = replace_organisation(foreign, owner.organisation)
        with pytest.raises(NotFound):
            save(seen, typed(staff="1"), revision=1)
        with pytest.raises(NotFound):
            confirm(seen, 1)
        assert current(seen).revision == 0
        assert current(seen).sheet.entries == {}
    assert DataSheet.objects.get().revision == 1


def test_a_bureau_has_no_data_sheet(bureau_manager):
    with pytest.raises(NotFound):
        save(bureau_manager, typed(staff="1"))


class replace_organisation:  # noqa: N801 - reads like a function
    """That person, asking for another organisation."""

    def __init__(self, member, organisation):
        self.user, self.organisation = member.user, organisation


def test_saving_the_same_again_makes_no_revision(owner):
    save(owner, typed(staff="350"))
    assert save(owner, typed(staff="350"), revision=1).revision == 1
    assert DataSheetEvent.objects.count() == 1


def test_an_empty_text_clears_a_value(owner):
    save(owner, typed(staff="350"))
    row = save(owner, typed(staff=""), revision=1)
    assert row.values == {}
    assert DataSheetEvent.objects.last().changes["staff"][1] is None


def test_the_revision_must_be_named(owner):
    with pytest.raises(PreconditionRequired):
        save(owner, typed(staff="350"), revision=None)


def test_only_complete_and_recent_years_are_open(owner):
    assert last_complete_year(AS_OF) == 2025
    open_years = [year for year in range(2015, 2030) if is_open_year(year, AS_OF)]
    assert open_years == [2020, 2021, 2022, 2023, 2024, 2025]
    for year in (2019, 2026):
        with pytest.raises(UnknownYear):
            save(owner, typed(staff="350"), year=year)


def test_saving_costs_few_statements_however_much_is_saved(owner):
    save(owner, typed(staff="350"))
    with CaptureQueriesContext(
        connection,
    ) as one:
        save(owner, typed(rd_staff="40"), revision=1)
    with CaptureQueriesContext(connection) as many:
        row = DataSheet.objects.get()
        save_sound_over(owner, row.revision)
    assert len(one) <= 8
    assert len(many) - 1 <= 8


def save_sound_over(owner, revision):
    from tests.engine.data_sheets import SOUND, sheet_of

    save(owner, SheetChanges(values=sheet_of(SOUND).entries), revision=revision)


# --- Two people at once -----------------------------------------------------------


def test_different_figures_can_be_saved_at_once(owner, contributor):
    save(owner, typed(staff="350"))
    save(owner, typed(assets="5000"), revision=1)
    row = save(contributor, typed(rd_staff="40"), revision=1)
    assert set(row.values) == {"staff", "assets", "rd_staff"}


def test_the_same_figure_is_a_conflict_with_both_values(owner, contributor):
    save(owner, typed(staff="350"))
    save(owner, typed(staff="360"), revision=1)
    with pytest.raises(StaleSheet) as caught:
        save(contributor, typed(staff="370"), revision=1)
    assert caught.value.extra == {
        "revision": 2,
        "conflicts": {
            "staff": {
                "current": {"state": "value", "value": 360},
                "yours": {"state": "value", "value": 370},
            }
        },
    }
    assert DataSheet.objects.get().values["staff"]["value"] == 360
    assert save(contributor, typed(staff="360"), revision=1).revision == 2


def test_a_revision_from_the_future_or_of_no_sheet_is_stale(owner):
    with pytest.raises(StaleSheet):
        save(owner, typed(staff="350"), revision=3)
    save(owner, typed(staff="350"))
    with pytest.raises(StaleSheet):
        save(owner, typed(staff="350"), revision=9)


def test_vetoes_are_one_table(owner):
    rows = SheetChanges(vetoes=(read_veto(VETO),))
    save(owner, rows)
    save(owner, SheetChanges(vetoes=()), revision=1)
    with pytest.raises(StaleSheet) as caught:
        save(owner, rows, revision=1)
    assert caught.value.extra["conflicts"]["vetoes"]["current"] == []


# --- The database -----------------------------------------------------------------


def test_there_is_one_sheet_a_year(owner):
    row = save(owner, typed(staff="350"))
    with pytest.raises(IntegrityError), transaction.atomic():
        DataSheet.objects.create(
            enterprise=owner.organisation,
            year=YEAR,
            revision=1,
            created_at=AT,
            updated_at=AT,
            updated_by=owner.user,
        )
    for broken in ({"year": 1999}, {"revision": 0}, {"confirmed_at": AT}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DataSheet.objects.filter(pk=row.pk).update(**broken)


def test_the_history_is_append_only(owner):
    save(owner, typed(staff="350"))
    with pytest.raises(DatabaseError), transaction.atomic():
        DataSheetEvent.objects.update(changes={})
    with pytest.raises(DatabaseError), transaction.atomic():
        DataSheetEvent.objects.all().delete()


# --- Next year --------------------------------------------------------------------


def test_a_new_year_starts_from_the_last(owner):
    save_sound(owner, year=YEAR - 1)
    fresh = current(owner)
    assert fresh.revision == 0
    assert str(fresh.sheet.value("revenue_y1")) == "1800.00"
    assert "revenue_y0" not in fresh.sheet.entries
    assert DataSheet.objects.count() == 1


def test_what_is_carried_over_waits_for_somebody(owner):
    save_sound(owner, year=YEAR - 1)
    row = save(owner, typed(revenue_y0="2000"))
    assert row.values["revenue_y1"] == {"state": "value", "value": "1800.00"}
    assert "revenue_y1" in row.unconfirmed
    assert "revenue_y0" not in row.unconfirmed
    assert "revenue_y1" not in facts_of(owner.organisation, year=YEAR).facts

    row = save(owner, SheetChanges(confirm=frozenset({"revenue_y1"})), revision=1)
    assert "revenue_y1" not in row.unconfirmed
    assert facts_of(owner.organisation, year=YEAR).facts["revenue_y1"] == 1800.0
    assert DataSheetEvent.objects.last().changes == {"confirmed": ["revenue_y1"]}


def test_typing_the_same_value_confirms_it(owner):
    save_sound(owner, year=YEAR - 1)
    row = save(owner, typed(staff="350"))
    assert "staff" not in row.unconfirmed


# --- Confirming -------------------------------------------------------------------


def test_a_sound_sheet_is_confirmed_until_it_changes(owner):
    save_sound(owner)
    row = confirm(owner, 1)
    assert (row.revision, row.confirmed_by, row.confirmed_at) == (2, owner.user, AT)
    assert current(owner).is_confirmed
    assert AuditEvent.objects.filter(action="data_sheet.confirmed").count() == 1

    row = save(owner, typed(licences="1"), revision=2)
    assert row.confirmed_at is None


def test_errors_and_open_figures_are_in_the_way(owner):
    save(owner, typed(staff="10", rd_staff="11"))
    with pytest.raises(NotReadyToConfirm) as caught:
        confirm(owner, 1)
    codes = {blocker["code"] for blocker in caught.value.extra["blockers"]}
    assert codes == {"above_staff", "required"}


def test_a_warning_needs_a_note(owner):
    save_sound(owner, more={"founded_on": "1979-01-01"})
    with pytest.raises(NotReadyToConfirm):
        confirm(owner, 1)
    note = SheetChanges(notes={"founded_early:founded_on": "由国营厂改制"})
    save(owner, note, revision=1)
    assert confirm(owner, 2).revision == 3


def test_a_note_goes_with_the_figure_it_explains(owner):
    save_sound(owner, more={"rd_cost": ("80", "90", "1200")})
    notes = {"rd_share:rd_ratio_y0": "投产前", "jump:rd_cost_y0": "新产线"}
    save(owner, SheetChanges(notes=notes), revision=1)
    assert save(owner, typed(staff="351"), revision=2).notes == notes
    assert save(owner, typed(rd_cost_y0="1300"), revision=3).notes == {}
    kept = SheetChanges(values=typed(rd_cost_y0="1250").values, notes=notes)
    assert save(owner, kept, revision=4).notes == notes
    gone = SheetChanges(notes={"jump:rd_cost_y0": ""})
    assert save(owner, gone, revision=5).notes == {"rd_share:rd_ratio_y0": "投产前"}


def test_values_carried_over_are_in_the_way(owner):
    save_sound(owner, year=YEAR - 1)
    save_sound_over(owner, 0)
    row = DataSheet.objects.get(year=YEAR)
    assert row.unconfirmed == []
    row.unconfirmed = ["staff"]
    row.save()
    with pytest.raises(NotReadyToConfirm) as caught:
        confirm(owner, 1)
    assert caught.value.extra["blockers"] == [{"code": "unconfirmed", "slot": "staff"}]


def test_confirming_names_the_revision(owner):
    save_sound(owner)
    with pytest.raises(StaleSheet):
        confirm(owner, 9)
    with pytest.raises(PreconditionRequired):
        confirm(owner, None)
    with pytest.raises(NotFound):
        confirm(owner, 1, year=YEAR - 1)


# --- Facts ------------------------------------------------------------------------


def test_without_a_sheet_there_are_no_facts(owner):
    assert facts_of(owner.organisation, year=YEAR) == FactSet()


def test_facts_are_those_of_the_last_save(owner):
    save_sound(owner)
    found = facts_of(owner.organisation, year=YEAR)
    assert found.sheet_revision == 1
    assert found.facts["size_class"] == "small"
    assert found.facts["designs_valid"] == 0
    assert "licences" not in found.facts


def test_an_error_takes_only_its_own_figures_away(owner):
    save_sound(owner, more={"rd_staff": "351"})
    facts = facts_of(owner.organisation, year=YEAR).facts
    assert {"staff", "rd_staff", "size_class"} & set(facts) == set()
    assert facts["revenue_y0"] == 1800.0


def test_vetoes_count_confirmed_or_not(owner):
    save(owner, SheetChanges(vetoes=(read_veto(VETO),)), year=YEAR - 1)
    save(owner, SheetChanges())
    [veto] = facts_of(owner.organisation, year=YEAR).vetoes
    assert (veto.kind, veto.decided_on, veto.appeal) == (
        "infringement", date(2024, 5, 6), "none",
    )  # fmt: skip


def test_facts_cost_one_query(owner, django_assert_num_queries):
    save_sound(owner)
    with django_assert_num_queries(1):
        facts_of(owner.organisation, year=YEAR)


# --- Reading changes --------------------------------------------------------------

DEFINITION = data_sheet_definition()


def test_json_changes_are_read_whole(owner):
    changes = changes_from_json(
        DEFINITION,
        {
            "values": {"staff": {"state": "value", "value": 350}, "licences": None},
            "confirm": ["assets"],
            "add_rights": [{"kind": "patent", "number": PATENT, "title": "一种阀门"}],
            "remove_rights": [{"kind": "invention", "number": "95115608.X"}],
            "vetoes": [VETO],
            "notes": {"jump:revenue_y0": "并购"},
        },
    )
    row = save(owner, changes)
    assert row.rights == [
        {
            "kind": "invention",
            "number": "201310699744.2",
            "title": "一种阀门",
            "note": "",
        }
    ]
    assert row.notes == {"jump:revenue_y0": "并购"}
    again = SheetChanges(remove_rights=frozenset({("invention", "201310699744.2")}))
    assert save(owner, again, revision=1).rights == []
    assert DataSheetEvent.objects.last().changes["rights"]["removed"]


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"values": {"nothing": None}}, "values.nothing"),
        ({"values": {"ip_cost_y0": None}}, "values.ip_cost_y0"),
        ({"values": {"staff": {"state": "value", "value": -1}}}, "values.staff"),
        ({"confirm": ["rd_ratio_y0"]}, "confirm.rd_ratio_y0"),
        ({"add_rights": [{"kind": "patent", "number": "1"}]}, "add_rights[0]"),
        ({"vetoes": [{**VETO, "kind": "rain"}]}, "vetoes[0].kind"),
        ({"vetoes": [{**VETO, "decided_on": "昨天"}]}, "vetoes[0].decided_on"),
        ({"vetoes": [{**VETO, "appeal": "maybe"}]}, "vetoes[0].appeal"),
        ({"vetoes": [{**VETO, "finding_body": ""}]}, "vetoes[0].finding_body"),
        ({"vetoes": [{**VETO, "document": "x" * 201}]}, "vetoes[0].document"),
        ({"notes": {"jump:revenue_y0": "x" * 501}}, "notes.jump:revenue_y0"),
    ],
)
def test_json_that_does_not_fit_names_the_place(data, path):
    with pytest.raises(InvalidDataSheet) as caught:
        changes_from_json(DEFINITION, data)
    assert list(caught.value.fields) == [path]


def test_the_credit_code_of_the_agency_is_checked():
    field = DEFINITION.fields["agency_code"]
    assert read_slot(field, "91370600ma3qy001xa").entry.value == "91370600MA3QY001XA"
    with pytest.raises(InvalidEntry):
        read_slot(field, "91370600MA3QY001XB")


def test_lists_have_an_end(owner, monkeypatch):
    monkeypatch.setattr("assessments.data_sheet_changes.MAX_RIGHTS", 1)
    rights = tuple(
        read_right("patent", number) for number in (PATENT, "201810123456.5")
    )
    with pytest.raises(InvalidDataSheet):
        save(owner, SheetChanges(add_rights=rights))


def test_years_to_choose_from(owner):
    save_sound(owner)
    confirm(owner, 1)
    save(owner, typed(staff="1"), year=2021)
    years = sheet_years(owner.user, owner.organisation, as_of=AS_OF)
    assert [(y.year, y.started, y.confirmed) for y in years] == [
        (2025, True, True),
        (2024, False, False),
        (2023, False, False),
        (2021, True, False),
    ]


def test_what_the_definition_no_longer_takes_is_asked_anew(owner):
    row = save(owner, typed(staff="350"))
    values = {**row.values, "licences": {"state": "maybe"}, "gone": {"state": "none"}}
    DataSheet.objects.filter(pk=row.pk).update(values=values)
    assert set(current(owner).sheet.entries) == {"staff"}


def test_a_sheet_says_its_day(owner):
    row = save(owner, typed(staff="350"), at=AT + timedelta(days=1))
    assert str(row) == "2025 r1"
    assert str(DataSheetEvent.objects.get()) == "created r1"
    assert replace(current(owner), revision=1).row == row
