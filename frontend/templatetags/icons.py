"""Icons as inline SVG. They decorate words and are hidden from screen readers."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_STROKE = 'fill="none" stroke="currentColor" stroke-width="2"'
SHAPES = {
    "done": f'<path d="M4 10.5l4 4 8-9" {_STROKE}/>',
    "doing": f'<circle cx="10" cy="10" r="7" {_STROKE}/>'
    '<path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor"/>',
    "todo": f'<circle cx="10" cy="10" r="7" {_STROKE}/>',
    "blocked": f'<circle cx="10" cy="10" r="7" {_STROKE}/>'
    f'<path d="M5.5 14.5l9-9" {_STROKE}/>',
    "none": f'<path d="M4 10h12" {_STROKE}/>',
    "attention": f'<path d="M10 2.8L18 17H2z" {_STROKE} stroke-linejoin="round"/>'
    f'<path d="M10 8v4.2M10 13.6v1.6" {_STROKE}/>',
    "problem": '<path d="M6.3 1.5h7.4l4.8 4.8v7.4l-4.8 4.8H6.3l-4.8-4.8V6.3z'
    'M8.9 5v6.2h2.2V5zM8.9 13v2.2h2.2V13z" fill="currentColor" fill-rule="evenodd"/>',
    "info": f'<circle cx="10" cy="10" r="7.5" {_STROKE}/>'
    f'<path d="M10 9v5.5M10 5.5v2" {_STROKE}/>',
    "down": f'<path d="M4 7l6 6 6-6" {_STROKE}/>',
    "back": f'<path d="M12.5 4l-6 6 6 6" {_STROKE}/>',
    "next": f'<path d="M7.5 4l6 6-6 6" {_STROKE}/>',
    "ascending": '<path d="M10 4l6 11H4z" fill="currentColor"/>',
    "descending": '<path d="M10 16L4 5h12z" fill="currentColor"/>',
    "unsorted": '<path d="M10 2l4.5 6h-9zM10 18l-4.5-6h9z" fill="currentColor"/>',
    "file": f'<path d="M5 2.5h6.5L16 7v10.5H5zM11 2.5V7.5h5" {_STROKE}/>',
    "download": f'<path d="M10 3v10M5.5 9l4.5 4.5L14.5 9M4 17h12" {_STROKE}/>',
    "print": f'<path d="M6 7V3h8v4M6 14H3V7h14v7h-3M6 11.5h8V17H6z" {_STROKE}/>',
    "lock": f'<path d="M4.5 9h11v8h-11zM7 9V6a3 3 0 0 1 6 0v3" {_STROKE}/>',
    "person": f'<circle cx="10" cy="6.5" r="3.5" {_STROKE}/>'
    f'<path d="M3.5 17.5c.6-4 3-6 6.5-6s5.9 2 6.5 6" {_STROKE}/>',
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return the icon called `name`; raises KeyError for one that doesn't exist."""
    return format_html(
        '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">'
        "{}</svg>",
        # The shapes are the constants above.
        mark_safe(SHAPES[name]),  # noqa: S308
    )
