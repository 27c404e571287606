"""What in a package's programme does not hang together, with the path of keys down to it."""

from collections.abc import Iterator

from domain.by_form import ByForm, in_form
from domain.fitting import shortest, wished
from domain.meeting import LONGEST_MEETING, SHORTEST_MEETING, Format
from domain.programme import Programme, ProgrammePart

Fault = tuple[tuple[str | int, ...], str]


def programme_faults(programme: Programme) -> Iterator[Fault]:
    """Everything an author can get wrong that each part by itself does not show."""
    ids = [part.id for part in programme.parts]
    for position, part in enumerate(programme.parts):
        if part.id in ids[:position]:
            yield ("parts", position, "id"), f"part '{part.id}' stands twice"
        for field, what in _part_faults(part):
            yield ("parts", position, *field), f"part '{part.id}': {what}"
    yield from _block_faults(programme)
    for form in Format:
        yield from _length_faults(programme, form)


def _part_faults(part: ProgrammePart) -> Iterator[Fault]:
    for form in part.forms:
        least, wish = in_form(part.minimum, form), in_form(part.wish, form)
        if least > wish:
            yield ("minimum",), f"at least {least} minutes is more than the wish of {wish} ({form})"
        if wish == 0 and part.kind != "break":
            yield ("wish",), f"only a break may wish for no minutes ({form})"
    if len(set(part.forms)) < len(part.forms):
        yield ("forms",), "a form of meeting stands twice"
    if part.over is not None and part.kind != "break":
        yield ("over",), "only a break is there in long meetings alone"
    if part.technique and Format.VIDEO not in part.forms:
        yield ("technique",), "technique is for video meetings, which this part is no part of"
    if part.kind == "group_work" and not part.tasks:
        yield ("tasks",), "group work needs tasks"
    if part.tasks and part.kind not in ("group_work", "implementation"):
        yield ("tasks",), f"tasks belong to group_work or implementation, not to {part.kind}"
    for place, task in enumerate(part.tasks):
        if task.number != place + 1:
            yield ("tasks", place, "number"), f"task {place + 1} of the part is numbered {task.number}"
    for field in ("title", "text", "minimum", "wish", "weight"):
        if isinstance(getattr(part, field), ByForm) and len(part.forms) == 1:
            yield (field,), f"is given for each form, but the part is there in {part.forms[0]} alone"


def _block_faults(programme: Programme) -> Iterator[Fault]:
    known = [block.id for block in programme.blocks]
    for position, block in enumerate(known):
        if block in known[:position]:
            yield ("blocks", position, "id"), f"block '{block}' stands twice"
        if all(part.block != block for part in programme.parts):
            yield ("blocks", position), f"block '{block}' has no parts"
    before: str | None = None
    closed = set[str]()
    for position, part in enumerate(programme.parts):
        if part.block is not None and part.block not in known:
            yield ("parts", position, "block"), f"block '{part.block}' is not among the blocks"
        elif part.block in closed and part.block != before:
            yield ("parts", position, "block"), f"the parts of block '{part.block}' must follow one another"
        before = part.block
        closed |= {part.block} if part.block else set()


def _length_faults(programme: Programme, form: Format) -> Iterator[Fault]:
    parts = programme.of(form)
    if not parts:
        yield ("parts",), f"no part is there in a meeting by {form}"
        return
    least, wish = shortest(parts), wished(parts)
    if not SHORTEST_MEETING <= wish <= LONGEST_MEETING:
        yield (
            ("parts",),
            f"the programme is {wish} minutes by {form}; a meeting is {SHORTEST_MEETING} to {LONGEST_MEETING}",
        )
    for part in parts:
        if part.over is not None and least + part.minimum > part.over + 1:
            position = next(at for at, each in enumerate(programme.parts) if each.id == part.part.id)
            yield ("parts", position, "over"), f"there is no room for the break in {part.over + 1} minutes by {form}"
    if not any(part.weight for part in parts):
        yield ("parts",), f"no part has a weight, so that nothing of a longer meeting can be shared ({form})"
