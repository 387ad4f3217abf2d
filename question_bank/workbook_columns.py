"""Columns and sheets of a bank's workbook as values, and how to write them shortly."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from question_bank.engine.definition import Kind, VerificationStatus

ColumnKind: TypeAlias = Literal["text", "list", "number", "exact", "date", "texts"]
"""`exact`: a text that looks like a number (7.10); `texts`: Chinese and English."""


@dataclass(frozen=True)
class Column:
    """A column (or a row of the sheet `bank`), with what it is for."""

    key: str
    zh: str
    en: str
    kind: ColumnKind = "text"
    words: tuple[str, ...] = ()
    width: int = 14
    always: bool = False
    """Whether an empty list is written down rather than left out."""


@dataclass(frozen=True)
class SheetLayout:
    """A sheet whose rows are the items of one list, or parts of a question."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    required: bool = False
    owner: str = ""
    """The sheet whose rows these are parts of; the first column names the row."""
    part: str = ""
    """The owner's key that holds these parts, when it is not the sheet's name."""
    keyed_by: str = ""
    """The column that is the key when the parts are a mapping, as levels are."""
    places: tuple[str, ...] = ()
    """Columns that say where the row belongs, beside what it holds."""

    @property
    def inside(self) -> str:
        """The owner's key that holds what this sheet lists."""
        return self.part or self.name

    @property
    def content(self) -> dict[str, Column]:
        """The columns by name that hold what the row is about."""
        return {c.key: c for c in self.columns if c.key not in self.places}


YES_NO: Final = ("yes", "no")
KINDS: Final = tuple(str(kind) for kind in Kind)
CELL_KINDS: Final = ("number", "text", "date", "yesno", "choice")
STATUSES: Final = get_args(VerificationStatus)


def texts(key: str, zh: str, en: str, width: int = 44) -> tuple[Column, Column]:
    prefix = f"{key}." if key else ""
    return (
        Column(f"{prefix}zh", f"{zh}（中文）", f"{en} (Chinese)", width=width),
        Column(f"{prefix}en", f"{zh}（英文）", f"{en} (English)", width=width),
    )


def number(key: str, zh: str, en: str) -> Column:
    return Column(key, zh, en, "number", width=10)


def switch(key: str, zh: str, en: str) -> Column:
    return Column(key, f"{zh}；yes 或 no", f"{en}: yes or no", words=YES_NO, width=9)


def listing(key: str, zh: str, en: str, *, always: bool = False) -> Column:
    more = ("；多个用逗号隔开", "; several with commas")
    return Column(key, zh + more[0], en + more[1], "list", width=22, always=always)


def rule(key: str, zh: str, en: str) -> Column:
    return Column(key, f"{zh}（规则语言）", f"{en} (rule language)", width=36)


ID = Column("id", "编号，不变且不重复使用", "id: never changed, never reused", width=18)
SOURCE = Column(
    "source.status",
    "要求是否已核对",
    "whether the requirement is verified",
    words=STATUSES,
)
