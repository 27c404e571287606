"""The Temporal histories of an order, every run of it, for export, replay and counting."""

from temporalio.client import Client, WorkflowHistory


async def histories_of(client: Client, workflow_id: str) -> list[WorkflowHistory]:
    """All runs, the first first. Follows the chain back, since asking without a run gives only the latest."""
    runs: list[WorkflowHistory] = []
    run_id: str | None = None
    while True:
        history = await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
        runs.insert(0, history)
        started = history.events[0].workflow_execution_started_event_attributes
        run_id = started.continued_execution_run_id
        if not run_id:
            return runs


def size_of(history: WorkflowHistory) -> int:
    """The history's size in bytes, as it is stored."""
    return sum(event.ByteSize() for event in history.events)
