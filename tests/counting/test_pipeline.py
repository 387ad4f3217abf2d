"""Where enterprises are on their way, and where they stall."""

from datetime import date, timedelta

from oversight.counting.pipeline import STAGES, History, PipelineStage, pipeline_on

REGISTERED, ANSWERING, SUBMITTED = STAGES[:3]
CERTIFIED = STAGES[-1]
START = date(2024, 1, 1)


def history(unit, *days, left=None):
    """A history that enters the first stages after so many days."""
    entered = {
        stage: START + timedelta(n) for stage, n in zip(STAGES, days, strict=False)
    }
    return History(unit, entered, left and START + timedelta(left))


def figures(histories, after):
    found = pipeline_on(histories, START + timedelta(after))
    return {f.stage: f for f in found.stages}, found


def test_the_stages_are_eight_in_order():
    assert [stage.words["zh"] for stage in STAGES] == [
        "注册",
        "填报",
        "提交",
        "整改",
        "体系运行（3 个月）",
        "内审管评",
        "申请认证",
        "获证",
    ]


def test_counts_now_and_median_days():
    histories = [history("a", 0, 10, 40), history("b", 0, 20), history("c", 5)]

    stages, _found = figures(histories, 50)

    assert {s: f.now for s, f in stages.items() if f.now} == {
        REGISTERED: 1,
        ANSWERING: 1,
        SUBMITTED: 1,
    }
    assert [stages[s].median_days for s in (REGISTERED, ANSWERING)] == [15, 30]
    assert (stages[REGISTERED].ever, stages[REGISTERED].finished) == (3, 2)
    assert stages[REGISTERED].median_wait == 45


def test_later_entries_are_not_seen():
    stages, _found = figures([history("a", 0, 10, 40)], 39)

    assert (stages[ANSWERING].now, stages[SUBMITTED].ever) == (1, 0)


def test_who_left_is_nowhere():
    stages, _found = figures([history("a", 0, 10, left=20)], 20)

    assert sum(f.now for f in stages.values()) == 0
    assert stages[REGISTERED].finished == 1


def test_a_skipped_stage_ends_the_one_before():
    skipping = History("a", {REGISTERED: START, SUBMITTED: START + timedelta(9)})

    stages, _found = figures([skipping], 20)

    assert (stages[REGISTERED].median_days, stages[ANSWERING].finished) == (9, 0)


def test_where_they_stall_is_told_against_the_usual_days():
    done = [history(f"d{n}", 0, 10, 20) for n in range(5)]
    waiting = [history("w", 0), history("x", 30), history("y", 0, 10)]

    stages, found = figures([*done, *waiting], 40)

    assert (stages[REGISTERED].stalled, stages[ANSWERING].stalled) == (1, 1)
    assert found.bottleneck is REGISTERED
    _stages, later = figures([*done, *waiting, history("z", 0, 10)], 40)
    assert later.bottleneck is ANSWERING


def test_too_few_finished_stays_give_no_usual_time():
    histories = [*(history(f"d{n}", 0, 10) for n in range(4)), history("w", 0)]

    _stages, found = figures(histories, 400)

    assert found.bottleneck is None


def test_nobody_stalls_at_the_goal():
    histories = [history(f"d{n}", *range(8)) for n in range(9)]

    stages, found = figures(histories, 4000)

    assert (stages[CERTIFIED].now, found.bottleneck) == (9, None)
    assert PipelineStage.CERTIFIED.words["en"] == "certified"
