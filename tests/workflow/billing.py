"""What a history costs: billable actions as the documentation of Temporal Cloud lists them ("Actions")."""

from collections import Counter

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory

_LOCAL_ACTIVITY = "core_local_activity"
_ONE_EACH = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED: "start",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED: "signal",
    EventType.EVENT_TYPE_TIMER_STARTED: "timer",
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: "activity",
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES: "search attributes",
}


def actions(history: WorkflowHistory) -> Counter[str]:
    """Billable actions by kind. Local activities that one workflow task completed together count once."""
    found: Counter[str] = Counter()
    tasks_with_local_activities = set()
    for event in history.events:
        if event.event_type in _ONE_EACH:
            found[_ONE_EACH[event.event_type]] += 1
        elif event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED:
            found["retry"] += event.activity_task_started_event_attributes.attempt - 1
        elif event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED:
            marker = event.marker_recorded_event_attributes
            if marker.marker_name == _LOCAL_ACTIVITY:
                tasks_with_local_activities.add(marker.workflow_task_completed_event_id)
    found["local activities"] = len(tasks_with_local_activities)
    return found
