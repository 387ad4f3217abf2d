"""The bureau's charts: nothing clipped, nothing withheld told, all in a table."""

import re
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings, strategies as st

from frontend.components import Cell, HeatTable
from frontend.pages.styleguide_oversight import oversight_charts
from reports.bar_charts import (
    BarRow,
    StackGroup,
    StackPart,
    StackRow,
    bars_table,
    horizontal_bars,
    stack_table,
    stacked_bars,
)
from reports.chart_tables import bullet_table, chart_table, reached
from reports.drawing import Drawing
from reports.fan_charts import FanPoint, FanWords, fan_line, fan_table
from reports.hatching import hatch
from reports.pipeline_charts import PipelineStep, pipeline, pipeline_table
from reports.reliability_charts import (
    ReliabilityPoint,
    ReliabilityWords,
    reliability_diagram,
    reliability_table,
)
from reports.trend_charts import Bullet, LinePoint, bullet
from tests.frontend.test_charts import (
    LABELS,
    SVG,
    WIDTHS,
    assert_nothing_is_clipped,
    parsed,
    span,
    texts,
)

COUNTS = st.integers(0, 100_000)
SHARES = st.floats(0, 1)


def described(svg):
    return parsed(svg).find(f"{SVG}desc").text


def rects(svg, mark):
    return [
        float(node.get("width"))
        for node in parsed(svg).iter(f"{SVG}rect")
        if node.get("data-mark") == mark
    ]


# --- Targets --------------------------------------------------------------------

OVER = Bullet("优势企业", 78, 50, "78 家", "目标 50 家", 44.5, "按进度 44.5 家")


def test_more_than_the_target_goes_beyond_it():
    svg = bullet([OVER], title="超过", width=104)
    (bar,) = rects(svg, "main")
    (track,) = rects(svg, "soft")
    assert bar / track == pytest.approx(78 / 50, abs=0.01)


def test_the_even_pace_is_dashed_and_the_target_is_not():
    ticks = parsed(bullet([OVER], title="超过")).iter(f"{SVG}line")
    assert [tick.get("stroke-dasharray") for tick in ticks] == [None, "3 2"]


def test_the_even_pace_stands_where_its_number_is():
    svg = bullet([OVER], title="超过", width=104)
    target, pace = [
        float(tick.get("x1")) - 1 for tick in parsed(svg).iter(f"{SVG}line")
    ]
    assert pace / target == pytest.approx(44.5 / 50, abs=0.01)


def test_the_table_of_a_bullet_caps_nothing():
    found = bullet_table([OVER], caption="超过", columns=("a", "b", "c", "d", "e"))
    assert found.rows == (
        ("优势企业", "78 家", "目标 50 家", "按进度 44.5 家", "156%"),
    )


def test_nothing_is_reached_of_no_target():
    assert reached(Bullet("x", 3, 0, "3", "0")) == "–"


# --- Fan ------------------------------------------------------------------------

FAN_WORDS = FanWords("实际", "中位数", "10%–90%", "目标 10 家", "数据不足")
POINTS = [LinePoint(f"{month}月", value) for month, value in enumerate((1, 3, 5), 1)]
FAN = [FanPoint("4月", 5, 6, 8), FanPoint("5月", 6, 8, 12)]


def fan(points=POINTS, coming=FAN, **options):
    return fan_line(points, coming, title="会不会达到", words=FAN_WORDS, **options)


def test_a_fan_ends_at_its_three_values():
    assert texts(fan())[-9:-5] == ["12", "8", "6", "5"]


def test_a_fan_tells_its_end_and_the_target():
    assert described(fan(target=10)) == (
        "1月 1; 2月 3; 3月 5; 5月 中位数 8, 10%–90% 6–12; 目标 10 家"
    )


def test_without_a_fan_the_chart_says_why():
    svg = fan(coming=[])
    assert "数据不足" in texts(svg)
    assert "中位数" not in texts(svg)
    assert described(svg).endswith("数据不足")


def test_with_a_fan_it_does_not_speak_of_too_few():
    assert "数据不足" not in texts(fan())


def test_the_table_of_a_fan_tells_what_was_and_what_may_come():
    found = fan_table(POINTS[:1], FAN[:1], caption="x", columns=("a",) * 5)
    assert found.rows == (("1月", "1", "–", "–", "–"), ("4月", "–", "5", "6", "8"))


@WIDTHS
@given(
    values=st.lists(COUNTS, max_size=24).map(sorted),
    ends=st.lists(st.tuples(COUNTS, COUNTS, COUNTS).map(sorted), max_size=12),
    target=st.none() | COUNTS,
)
@settings(max_examples=60, deadline=None)
def test_a_fan_clips_nothing_and_its_months_never_meet(width, values, ends, target):
    points = [LinePoint(f"2025-{n:02d}", value) for n, value in enumerate(values)]
    coming = [FanPoint(f"2026-{n:02d}", *end) for n, end in enumerate(ends)]
    svg = fan(points, coming, target=target, width=width)
    assert_nothing_is_clipped(svg)
    months = [
        span(node)
        for node in parsed(svg).iter(f"{SVG}text")
        if re.fullmatch(r"202\d-\d\d", node.text)
    ]
    assert all(before[1] < after[0] for before, after in pairwise(months))


# --- Bars -----------------------------------------------------------------------

BARS = [BarRow("开发区", 40, "40 家"), BarRow("长岛", None, "‹5，不公布")]


def test_bars_are_as_long_as_their_values():
    rows = [BarRow("a", 40, "40"), BarRow("b", 10, "10")]
    long, short = rects(horizontal_bars(rows, title="x"), "main")
    assert short == pytest.approx(long / 4, abs=0.1)


def test_a_withheld_bar_is_hatched_and_says_so():
    svg = horizontal_bars(BARS, title="x")
    assert len(rects(svg, "main")) == 1
    assert "‹5，不公布" in texts(svg)
    assert described(svg) == "开发区: 40 家; 长岛: ‹5，不公布"


def test_withheld_bars_are_all_of_one_length():
    rows = [BarRow(label, None, "不公布") for label in "ab"] + [BARS[0]]
    first, second, _track = rects(horizontal_bars(rows, title="x"), "soft")
    assert first == second


def test_the_line_to_compare_with_is_explained_and_told():
    svg = horizontal_bars(BARS, title="x", line=19, line_words="平均 19 家")
    assert "平均 19 家" in texts(svg)
    assert described(svg).startswith("平均 19 家; ")


def test_the_table_of_bars_tells_every_number():
    found = bars_table(BARS, caption="x", columns=("区市", "家"))
    assert found.rows == (("开发区", "40 家"), ("长岛", "‹5，不公布"))


@WIDTHS
@given(
    rows=st.lists(st.builds(BarRow, LABELS, st.none() | COUNTS, st.just("12345 家"))),
    line=st.none() | COUNTS,
)
@settings(max_examples=60, deadline=None)
def test_bars_clip_nothing(width, rows, line):
    svg = horizontal_bars(rows, title="x", line=line, line_words="平均", width=width)
    assert_nothing_is_clipped(svg)


@given(
    size=st.tuples(st.floats(1, 300), st.floats(1, 40)),
    at=st.tuples(st.floats(0, 50), st.floats(0, 50)),
)
def test_hatching_stays_inside_its_box(size, at):
    drawing = Drawing(400, 100)
    hatch(drawing, *at, *size)
    for node in parsed(drawing.render("x", "y")).iter(f"{SVG}line"):
        x1, y1, x2, y2 = (float(node.get(k)) for k in ("x1", "y1", "x2", "y2"))
        assert at[0] - 0.1 <= x1 <= x2 <= at[0] + size[0] + 0.1
        assert at[1] - 0.1 <= y2 <= y1 <= at[1] + size[1] + 0.1
        assert x2 - x1 == pytest.approx(y1 - y2, abs=0.25)


# --- Stacked bars ---------------------------------------------------------------

PARTS = [StackPart(mark, f"等级{mark}") for mark in "ABCDX"]
THEN = StackRow("上期", (10, 20, 30, 40, 0), 100, "100 家")
PARTLY = StackRow("本期", (10, None, 30, 40, None), 100, "100 家")
UNTOLD = StackRow("本期", (None,) * 5, None, "不公布")


def stack(*rows, **options):
    group = StackGroup("莱山区", rows)
    return stacked_bars(
        [group], title="x", parts=PARTS, hidden_words="不公布", **options
    )


def test_parts_carry_their_mark_and_number():
    assert texts(stack(THEN))[-4:] == ["A 10", "B 20", "C 30", "D 40"]


def test_two_snapshots_stand_under_one_heading():
    found = texts(stack(THEN, PARTLY))
    assert (found.count("莱山区"), found.count("上期"), found.count("本期")) == (
        1,
        1,
        1,
    )


def test_withheld_parts_are_one_hatched_rest():
    svg = stack(PARTLY)
    assert texts(svg)[-3:] == ["A 10", "C 30", "D 40"]
    assert "等级B 不公布" in described(svg)
    assert "不公布" in texts(svg)


def test_a_withheld_whole_tells_no_number():
    assert not re.search(r"\d", described(stack(UNTOLD)))


def test_the_legend_speaks_of_withheld_parts_only_where_there_are_any():
    assert "不公布" not in texts(stack(THEN))


def test_the_table_of_stacked_bars_tells_every_number():
    found = stack_table(
        [StackGroup("莱山区", (PARTLY,))],
        caption="x", columns=("a",) * 7, hidden_words="不公布",
    )  # fmt: skip
    assert found.rows == (
        ("莱山区 本期", "10", "不公布", "30", "40", "不公布", "100 家"),
    )


@WIDTHS
@given(
    rows=st.lists(
        st.builds(
            lambda label, counts: StackRow(
                label, counts, sum(c or 0 for c in counts) + 7, "12345 家"
            ),
            LABELS,
            st.tuples(*[st.none() | COUNTS] * 5),
        ),
        max_size=6,
    ),
    heading=LABELS,
)
@settings(max_examples=60, deadline=None)
def test_stacked_bars_clip_nothing(width, rows, heading):
    svg = stacked_bars(
        [StackGroup(heading, tuple(rows))] * 2,
        title="x", parts=PARTS, hidden_words="不公布", width=width,
    )  # fmt: skip
    assert_nothing_is_clipped(svg)


# --- Pipeline -------------------------------------------------------------------

STEPS = [
    PipelineStep("提交", 40, "40 家", "中位 12 天"),
    PipelineStep("申请", None, "‹5，不公布"),
]


def test_steps_are_numbered_with_count_and_days():
    found = texts(pipeline(STEPS, title="x"))
    assert found == ["1 提交", "40 家", "中位 12 天", "2 申请", "‹5，不公布"]


def test_a_pipeline_tells_its_numbers():
    svg = pipeline(STEPS, title="x")
    assert described(svg) == "提交 40 家, 中位 12 天; 申请 ‹5，不公布"
    assert pipeline_table(STEPS, caption="x", columns=("a", "b", "c")).rows == (
        ("提交", "40 家", "中位 12 天"),
        ("申请", "‹5，不公布", "–"),
    )


@WIDTHS
@given(
    steps=st.lists(
        st.builds(
            PipelineStep,
            LABELS,
            st.none() | COUNTS,
            st.just("12345 家"),
            st.sampled_from(["", "中位 120 天"]),
        )
    )
)
@settings(max_examples=60, deadline=None)
def test_a_pipeline_clips_nothing(width, steps):
    assert_nothing_is_clipped(pipeline(steps, title="x", width=width))


# --- Reliability ----------------------------------------------------------------

RELIABILITY = ReliabilityWords("得分", "获证", "实际", "95% 区间", "一致", "份数")
BIN = ReliabilityPoint(0.5, 0.25, 0.1, 0.4, 40)


def reliability(points, **options):
    return reliability_diagram(points, title="x", words=RELIABILITY, **options)


def test_a_bin_stands_at_its_forecast_and_share():
    low, high = ReliabilityPoint(0, 0, 0, 0.2, 10), ReliabilityPoint(1, 1, 0.8, 1, 10)
    places = [
        (float(node.get("cx")), float(node.get("cy")))
        for node in parsed(reliability([low, BIN, high])).iter(f"{SVG}circle")
    ][1:]
    (left, bottom), (middle, quarter), (right, top) = places
    assert middle == pytest.approx((left + right) / 2, abs=0.1)
    assert quarter == pytest.approx(bottom - (bottom - top) / 4, abs=0.1)


def test_a_diagram_tells_share_interval_and_number():
    assert described(reliability([BIN])) == "得分 50%: 获证 25% (10%–40%), 份数 40"
    assert reliability_table([BIN], caption="x", columns=("a",) * 4).rows == (
        ("50%", "25%", "10%–40%", "40"),
    )


@WIDTHS
@given(
    points=st.lists(
        st.builds(ReliabilityPoint, SHARES, SHARES, SHARES, SHARES, COUNTS), max_size=10
    )
)
@settings(max_examples=60, deadline=None)
def test_a_diagram_clips_nothing(width, points):
    assert_nothing_is_clipped(reliability(points, width=width))


# --- All of them ----------------------------------------------------------------


def test_a_table_with_a_cell_too_few_is_refused():
    with pytest.raises(ValueError, match="too many or too few"):
        chart_table("x", ("a", "b"), [("1",)])


def test_the_style_guide_shows_each_with_its_table_and_without_style():
    samples = oversight_charts()
    assert len(samples) == 7
    for sample in samples:
        assert sample.table.rows
        for svg in (sample.wide, sample.narrow):
            assert "style" not in svg
            assert parsed(svg).find(f"{SVG}title").text == sample.finding
            assert_nothing_is_clipped(svg)


def test_the_style_guide_page_has_a_table_for_each(client):
    page = client.get("/styleguide/").content.decode()
    for sample in oversight_charts():
        assert f"<caption>{sample.table.caption}</caption>" in page


def heat(**options):
    table = HeatTable(
        caption="得分",
        corner="区市",
        columns=("装备",),
        rows=(("高新区", (Cell("‹5", None, "不公布"),)), ("福山区", (Cell("61", 2),))),
        **options,
    )
    return render_to_string("components/heat_table.html", {"heat": table})


def test_a_withheld_cell_is_hatched_and_says_so_in_words():
    assert (
        '<td class="heat-hidden">‹5<span class="visually-hidden"> 不公布</span></td>'
        in heat()
    )


def test_a_cell_with_a_number_has_its_shade_and_no_more_words():
    assert '<td class="heat-2">61</td>' in heat()


def test_merged_rows_are_noted():
    assert "<li>两行合并</li>" in heat(notes=("两行合并",))
    assert "heat-notes" not in heat()
