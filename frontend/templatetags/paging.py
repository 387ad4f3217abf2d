"""Which page numbers a pager shows."""

from typing import Any

from django import template
from django.core.paginator import Page

register = template.Library()


@register.filter
def shown_pages(page: "Page[Any]") -> list[int | str]:
    """Return page numbers around `page` with an ellipsis where some are left out."""
    numbers = page.paginator.get_elided_page_range(
        page.number, on_each_side=1, on_ends=1
    )
    return list(numbers)
