"""Who may do what with a task. An agency advises; only the enterprise says "done"."""

from uuid import UUID

from reviews.models import PlanTask

State = PlanTask.State

MEMBER_STEPS: dict[str, tuple[str, ...]] = {
    State.PROPOSED: (State.OPEN, State.DROPPED),
    State.OPEN: (State.DOING, State.DONE, State.DROPPED),
    State.DOING: (State.OPEN, State.DONE, State.DROPPED),
    State.DONE: (State.OPEN,),
    State.DROPPED: (State.OPEN,),
}
AGENCY_STEPS: dict[str, tuple[str, ...]] = {
    State.PROPOSED: (State.DROPPED,),
    State.OPEN: (State.DOING,),
    State.DOING: (State.OPEN,),
}


def is_proposer(task: PlanTask, agency_id: UUID | None) -> bool:
    """Tell whether the agency proposed the task."""
    return agency_id is not None and task.proposed_by_id == agency_id


def steps(task: PlanTask, agency_id: UUID | None) -> tuple[str, ...]:
    """Return the states one may put the task in; `agency_id` None for a member."""
    if agency_id is None:
        return MEMBER_STEPS[task.state]
    if not is_proposer(task, agency_id):
        return ()
    return AGENCY_STEPS.get(task.state, ())


def may_word(task: PlanTask, agency_id: UUID | None) -> bool:
    """Tell whether one may change what the task says, not only its due date."""
    if agency_id is None:
        return True
    return is_proposer(task, agency_id) and task.state == State.PROPOSED


def may_date(task: PlanTask, agency_id: UUID | None) -> bool:
    """Tell whether one may change when the task is due."""
    if agency_id is None:
        return True
    return is_proposer(task, agency_id) and task.state in (
        State.PROPOSED,
        State.OPEN,
        State.DOING,
    )
