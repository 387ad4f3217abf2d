"""The parts of the bureau's statistics, as tabs above every page of them."""

from django.urls import reverse
from django.utils.translation import gettext as _

from frontend.components import Link
from oversight.counting.plans import Plan


def section_tabs(current: str, plan: Plan) -> tuple[Link, ...]:
    """Return the tabs; `current` is the name of the one shown."""
    parts = (
        ("oversight", _("总览"), ()),
        ("oversight-plan", _("规划目标"), (plan.id,)),
        ("oversight-snapshots", _("月度快照"), ()),
        ("bulletins", _("简报"), ()),
        ("calibration", _("校准"), ()),
        ("registers", _("登记库"), ()),
        ("oversight-method", _("统计方法"), ()),
    )
    return tuple(
        Link(reverse(name, args=args), text, current=name == current)
        for name, text, args in parts
    )
