"""Charts: valid SVG by attributes alone, nothing clipped, every number told."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings, strategies as st

from reports.charts import LevelRow, ProfileRow, ProfileWords, levels_bar, profile_bars
from reports.drawing import number, text_width, wrap
from reports.trend_charts import (
    Bullet,
    ChangeRow,
    ChangeWords,
    LinePoint,
    bullet,
    change_rows,
    cumulative_line,
    progress_bar,
)

SVG = "{http://www.w3.org/2000/svg}"
WORDS = ProfileWords("自评", "有证据支持", "可能范围", "申请线", "不适用")
LEVELS = ("没有", "口头", "不全", "完整", "改进")
WIDTHS = pytest.mark.parametrize("width", [640.0, 340.0])
LABELS = st.text(
    st.characters(codec="utf-8", categories=("Lu", "Ll", "Lo", "Nd", "Po", "Zs")),
    max_size=40,
)
SCORES = st.floats(0, 100)


def profile(rows, **options):
    return profile_bars(rows, title="保密最弱", words=WORDS, **options)


def parsed(svg):
    return ElementTree.fromstring(svg)


def texts(svg):
    return [node.text for node in parsed(svg).iter(f"{SVG}text")]


def span(node):
    """Return the leftmost and rightmost x of a text."""
    x = float(node.get("x"))
    width = text_width(node.text or "", float(node.get("font-size", 13)))
    share = {"end": 1, "middle": 0.5}.get(node.get("text-anchor"), 0)
    return x - width * share, x + width * (1 - share)


def assert_nothing_is_clipped(svg):
    root = parsed(svg)
    width, height = map(float, root.get("viewBox").split()[2:])
    for node in root.iter(f"{SVG}text"):
        left, right = span(node)
        assert left >= -1
        assert right <= width + 1
        assert 0 <= float(node.get("y")) <= height
    for node in root.iter(f"{SVG}rect"):
        x, y, wide, high = (float(node.get(k)) for k in ("x", "y", "width", "height"))
        assert x >= 0
        assert x + wide <= width + 1
        assert y + high <= height + 1


def test_a_chart_names_itself_and_tells_its_numbers():
    root = parsed(profile([ProfileRow("保密", 41.5, 22)]))
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "保密最弱"
    assert root.find(f"{SVG}desc").text == "保密: 自评 42, 有证据支持 22"


def test_a_chart_needs_no_style():
    svg = profile([ProfileRow("保密", 41, 22, 30, 60)], line=85)
    assert "style" not in svg
    assert re.search(r"\son\w+=", svg) is None


def test_text_is_escaped():
    svg = profile([ProfileRow('<script>"&', 41, 22)])
    assert "<script>" not in svg
    assert '<script>"&' in texts(svg)


def test_the_bars_are_as_long_as_the_scores():
    bars = [
        float(node.get("width"))
        for node in parsed(profile([ProfileRow("保密", 100, 50)])).iter(f"{SVG}rect")
    ]
    assert bars[-1] == pytest.approx(bars[-2] / 2, abs=0.1)


def test_a_section_without_a_score_says_so():
    assert "不适用" in texts(profile([ProfileRow("合规", None, None)]))


def test_the_interval_is_drawn_and_explained():
    assert "可能范围" in texts(profile([ProfileRow("保密", 41, 22, 30, 60)]))


def test_without_an_interval_the_legend_does_not_speak_of_one():
    assert "可能范围" not in texts(profile([ProfileRow("保密", 41, 22, 41, 41)]))


@WIDTHS
@given(
    rows=st.lists(st.builds(ProfileRow, LABELS, SCORES, SCORES, SCORES, SCORES)),
    line=st.none() | SCORES,
)
@settings(max_examples=60, deadline=None)
def test_a_profile_clips_nothing(width, rows, line):
    assert_nothing_is_clipped(profile(rows, line=line, width=width))


@WIDTHS
@given(rows=st.lists(st.builds(LevelRow, LABELS, st.tuples(*[st.integers(0, 99)] * 5))))
@settings(max_examples=60, deadline=None)
def test_levels_clip_nothing(width, rows):
    svg = levels_bar(rows, title="分布", level_titles=LEVELS, width=width)
    assert_nothing_is_clipped(svg)


@WIDTHS
@given(
    value=st.floats(0, 1e6),
    target=st.floats(0, 1e6),
    pace=st.none() | st.floats(0, 1e6),
)
@settings(max_examples=60, deadline=None)
def test_a_bullet_clips_nothing_and_its_words_never_meet(width, value, target, pace):
    item = Bullet("获证", value, target, "7 家", "目标 10 家", pace, "按进度 8.9 家")
    svg = bullet([item], title="进度", width=width)
    assert_nothing_is_clipped(svg)
    below = [span(n) for n in parsed(svg).iter(f"{SVG}text")][2:]
    assert all(a[1] < b[0] or b[1] < a[0] for a, b in pairwise(below))


@WIDTHS
@given(values=st.lists(st.integers(0, 100_000), max_size=12).map(sorted))
@settings(max_examples=60, deadline=None)
def test_a_cumulative_line_clips_nothing(width, values):
    points = [LinePoint(f"{month}月", value) for month, value in enumerate(values, 1)]
    svg = cumulative_line(
        points, title="累计", target=50, target_words="目标 50 家", width=width
    )
    assert_nothing_is_clipped(svg)


def test_the_axis_of_a_cumulative_line_has_whole_numbers():
    svg = cumulative_line([LinePoint("1月", 7)], title="累计", target=10)
    axis = [text for text in texts(svg) if text and text.isdigit()]
    assert axis == ["0", "2", "4", "6", "8", "10", "7"]


@pytest.mark.parametrize(
    ("done", "total", "share"), [(0, 0, 0), (3, 12, 0.25), (12, 12, 1), (15, 12, 1)]
)
def test_progress_is_the_share_that_is_done(done, total, share):
    root = parsed(progress_bar(done, total, title="进度", width=101))
    bars = [float(node.get("width")) for node in root.iter(f"{SVG}rect")]
    assert bars == [100, 100 * share][: 1 + bool(share)]


def test_levels_tell_every_count():
    row = LevelRow("支持", (3, 5, 6, 9, 1))
    svg = levels_bar([row], title="分布", level_titles=LEVELS)
    assert texts(svg)[-6:] == ["3", "5", "6", "9", "1", "24"]


@given(text=LABELS, width=st.floats(20, 300))
def test_wrapping_keeps_every_character_and_the_width(text, width):
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width(line) <= width or len(line) == 1 for line in lines)


def test_chinese_punctuation_stays_with_its_word():
    assert wrap("运用与保护，含保密", 13 * 5) == ["运用与保", "护，含保密"]


def test_coordinates_have_at_most_one_decimal():
    assert [number(value) for value in (3.0, 3.14, -0.01)] == ["3", "3.1", "0"]


CHANGE = ChangeWords("上次", "这次", "没有可比的题")


def changes(rows, **options):
    return change_rows(rows, title="保密提高最多", words=CHANGE, **options)


def test_a_comparison_tells_both_numbers_and_their_difference():
    svg = changes([ChangeRow("保密", 41, 76.4), ChangeRow("改进", 60, 52.5)])
    desc = parsed(svg).find(f"{SVG}desc").text
    assert desc == "保密: 上次 41, 这次 76; 改进: 上次 60, 这次 53"
    assert texts(svg)[-1] == "−7"
    assert "+35" in texts(svg)


def test_a_comparison_draws_then_hollow_and_now_filled():
    circles = [
        (float(node.get("cx")), node.get("data-mark"))
        for node in parsed(changes([ChangeRow("保密", 20, 80)])).iter(f"{SVG}circle")
    ]
    (then, hollow), (now, filled) = circles[-2:]
    assert (hollow, filled) == ("soft", "main")
    assert then < now


def test_a_side_without_a_score_has_no_dot_and_no_difference():
    svg = changes([ChangeRow("合规", None, 40), ChangeRow("改进", None, None)])
    assert sum(1 for _ in parsed(svg).iter(f"{SVG}circle")) == 2 + 1
    assert "–" in texts(svg)
    assert "没有可比的题" in texts(svg)


@WIDTHS
@given(rows=st.lists(st.builds(ChangeRow, LABELS, st.none() | SCORES, SCORES)))
@settings(max_examples=60, deadline=None)
def test_a_comparison_clips_nothing(width, rows):
    assert_nothing_is_clipped(changes(rows, width=width))
