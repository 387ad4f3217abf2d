"""A chart of the style guide: for both widths, with its finding and its table."""

from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from reports.chart_tables import ChartTable

WIDTHS = {"wide": 640, "narrow": 340}


@dataclass(frozen=True)
class Sample:
    """A chart under the sentence that says what it shows."""

    finding: str
    wide: SafeString
    narrow: SafeString
    table: ChartTable | None = field(default=None, kw_only=True)
