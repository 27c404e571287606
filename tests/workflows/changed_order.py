"""The order's workflow with a step more than the kept histories know: what replaying them must find."""

from temporalio import workflow

from workflows.order import OrderWorkflow

with workflow.unsafe.imports_passed_through():
    from workflows.messages import StartOrder


@workflow.defn(name="Order")
class ChangedOrderWorkflow(OrderWorkflow):
    """Takes a breath before the call."""

    @workflow.init
    def __init__(self, start: StartOrder) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, _start: StartOrder) -> None:
        await super().run(_start)

    async def agree_the_plan(self) -> None:
        await workflow.sleep(1)
        await super().agree_the_plan()
