"""Plausible data sheets for the demo: one confirmed, one with warnings, one begun."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from accounts.models import Organisation, User
from assessments.data_sheet_changes import SheetChanges, read_right, read_slot
from assessments.data_sheets import last_complete_year
from assessments.evaluation import local_date
from assessments.services import confirm_data_sheet, save_data_sheet
from question_bank.data_sheet import data_sheet_definition
from question_bank.engine.data_sheet import RightItem
from question_bank.engine.data_values import Entry
from question_bank.engine.identifiers import patent_check_digit

Texts: TypeAlias = Mapping[str, str]
"""What would be typed by field; the three years of a yearly field stand in a row."""

MACHINERY: Texts = {
    "founded_on": "2009-06-18", "registration_state": "active", "industry": "C3443",
    "staff": "286", "rd_staff": "41", "assets": "21500",
    "revenue": "14200 15850 17320", "profit": "980 1120 1305",
    "rd_cost": "640 735 842", "patent_product_revenue": "6100 7900 9450",
    "ip_cost_strategy": "无 2 2", "ip_cost_filing": "8.2 9.5 11.3",
    "ip_cost_upkeep": "3.1 3.6 4.2", "ip_cost_litigation": "无 无 6",
    "ip_cost_search": "1.5 2 3", "ip_cost_training": "0.8 1.2 1.5",
    "ip_cost_reward": "2 3.5 5",
    "inventions_filed": "4 6 7", "utility_models_filed": "9 8 10",
    "designs_filed": "1 0 2", "inventions_granted": "2 3 4",
    "utility_models_granted": "8 9 9", "designs_granted": "1 1 0",
    "patents_closed": "13 15 16", "inventions_valid": "3",
    "utility_models_valid": "34", "designs_valid": "3", "high_value_inventions": "1",
    "pct_filed": "2", "pct_filed_3y": "1", "foreign_filings": "2",
    "foreign_patents_valid": "1", "trademarks_valid": "7", "madrid_marks": "1",
    "well_known_marks": "无", "gi_used": "不适用", "software_copyrights": "5",
    "works_registered": "无", "plant_varieties": "不适用",
    "forest_varieties": "不适用", "ic_layouts": "不适用", "ip_body": "in_rd",
    "ip_staff_full": "2", "ip_staff_part": "3", "ip_staff_certified": "1",
    "core_staff": "52", "core_trained": "44", "other_staff": "234",
    "other_trained": "120", "ip_rules": "filing reward secrecy contract",
    "strategy_made": "yes", "inventor_reward_made": "yes", "secrets_list": "yes",
    "secrets_rules": "yes", "nda_cover": "92", "patents_implemented": "24",
    "licences": "1", "licence_income": "无 20 20.5", "transfers": "无",
    "transfer_income": "无 无 无", "open_licences": "无", "pledges": "1",
    "pledge_amount": "无 500 无", "insurance_policies": "无",
    "insurance_amount": "无", "capital_contribution": "无", "intensive_products": "1",
    "navigation_projects": "1", "standards_national": "1", "standards_industry": "2",
    "abnormal_notified": "无", "abnormal_upheld": "无", "bad_faith_marks": "无",
    "abnormal_operation": "no", "serious_dishonesty": "no", "judgment_defaulter": "no",
    "accident_3y": "no", "tax_evasion_3y": "no", "title_municipal": "cultivating",
    "title_national": "none", "cert_edition": "none", "iso9001": "yes",
    "enterprise_types": "high_tech specialised_sme",
}  # fmt: skip
SOFTWARE: Texts = {
    "founded_on": "2018-03-02", "registration_state": "active", "industry": "I6513",
    "staff": "68", "rd_staff": "45", "assets": "1900", "revenue": "610 905 1480",
    "profit": "-120 -15 96", "rd_cost": "402 560 930",
    "patent_product_revenue": "200 350 620", "inventions_filed": "2 3 5",
    "inventions_valid": "2", "utility_models_valid": "无", "designs_valid": "无",
    "trademarks_valid": "4", "software_copyrights": "26", "ip_body": "in_legal",
    "ip_staff_full": "4", "ip_staff_part": "1", "ip_rules": "filing secrecy",
    "cert_edition": "none", "enterprise_types": "tech_sme",
}  # fmt: skip
FOOD: Texts = {
    "founded_on": "2003-11-20", "registration_state": "active", "industry": "C1371",
    "staff": "120", "rd_staff": "6", "revenue": "3100 3350 3290",
    "rd_cost": "35 40 41", "patent_product_revenue": "800 900 3500",
    "inventions_valid": "无", "utility_models_valid": "5", "designs_valid": "4",
}  # fmt: skip
SHEETS: Mapping[str, Texts] = {"a": MACHINERY, "b": SOFTWARE, "c": FOOD}
PATENTS = (
    ("201710456789", "一种精密阀门的密封结构"),
    ("201910223344", "数控夹具的定位方法"),
    ("202110887766", "热处理变形补偿方法"),
)


@dataclass(frozen=True)
class Filler:
    """Who fills in which enterprise's sheet, and when."""

    enterprise: Organisation
    owner: User
    at: datetime

    def save(self, year: int, changes: SheetChanges, revision: int) -> int:
        """Store changes; return the new revision."""
        return save_data_sheet(
            enterprise=self.enterprise,
            year=year,
            changes=changes,
            revision=revision,
            actor=self.owner,
            at=self.at,
        ).revision


def fill_sheet(slug: str, enterprise: Organisation, owner: User, at: datetime) -> None:
    """Fill in the sheet of the last complete year for a demo enterprise.

    The first has numbers listed and is confirmed, the second has warnings, the third
    contradicts itself in one figure.
    """
    filler = Filler(enterprise, owner, at - timedelta(days=12))
    year = last_complete_year(local_date(at))
    listed = _rights() if slug == "a" else ()
    changes = SheetChanges(values=entries_of(SHEETS[slug]), add_rights=listed)
    revision = filler.save(year, changes, 0)
    if slug == "a":
        confirm_data_sheet(
            enterprise=enterprise, year=year, revision=revision, actor=owner, at=at
        )


def entries_of(texts: Texts) -> dict[str, Entry | None]:
    """Return the entries of typed texts by slot."""
    fields = data_sheet_definition().fields
    entries: dict[str, Entry | None] = {}
    for name, text in texts.items():
        item = fields[name]
        words = text.split() if item.yearly else [text.replace(" ", "、")]
        for slot, word in zip(item.slots, words, strict=True):
            entries[slot] = read_slot(item, word).entry
    return entries


def _rights() -> tuple[RightItem, ...]:
    return tuple(
        read_right("patent", f"{body}.{patent_check_digit(body)}", title)
        for body, title in PATENTS
    )
