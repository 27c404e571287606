"""What the event store refuses, and why. Messages are for engineers; people get Danish at the edges."""


class StoreRefusal(Exception):  # noqa: N818 - a "no", not an error
    """The base of everything the event store refuses."""


class Conflict(StoreRefusal):
    """Somebody else appended first, or the stream is shorter than expected. Load again and decide again."""

    def __init__(self, stream: str, *, expected: int, actual: int) -> None:
        super().__init__(f"stream {stream} is at version {actual}, not {expected}")
        self.stream = stream
        self.expected = expected
        self.actual = actual


class AlreadyOpen(StoreRefusal):
    """The cluster already has an open order for this package: `order_id`."""

    def __init__(self, order_id: str) -> None:
        super().__init__(f"order {order_id} is already open for the same cluster and package")
        self.order_id = order_id


class UnreadableEvent(StoreRefusal):
    """An event this code cannot read: a newer type or schema, or data that no longer fits. Never skipped."""

    def __init__(self, type_: str, schema: int, why: str) -> None:
        super().__init__(f"event type '{type_}' with schema {schema}: {why}")
        self.type = type_
        self.schema = schema
