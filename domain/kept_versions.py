"""Package versions that running orders were placed with, as they were once written down, put as today's are."""

from typing import Any

Content = dict[str, Any]


def as_written_today(content: Content) -> Content:
    """The content of a kept version in today's shape; what is in it already is left as it is."""
    return _programme_as_parts(content)


def part_id(number: int) -> str:
    """What a part that was only known by its place is called. From 1."""
    return f"del_{number}"


def _programme_as_parts(content: Content) -> Content:
    """A programme was a list of parts with minutes, for both forms of meeting; slides named parts by their place."""
    programme = content.get("programme")
    if not isinstance(programme, list):
        return content
    parts = [_part(number, part) for number, part in enumerate(programme, start=1)]
    deck = content.get("deck") or {}
    slides = [_slide(slide) for slide in deck.get("slides", ())]
    return {**content, "programme": {"parts": parts}, "deck": {**deck, "slides": slides}}


def _part(number: int, part: Content) -> Content:
    tasks, title = part.get("tasks") or (), part["title"]
    kind = "group_work" if tasks else "break" if title.strip().casefold() == "pause" else "results"
    return {
        "id": part_id(number),
        "kind": kind,
        "title": title,
        "text": part.get("text", ""),
        "tasks": [{"number": place, "text": text} for place, text in enumerate(tasks, start=1)],
        "minimum": 1,
        "wish": part["minutes"],
    }


def _slide(slide: Content) -> Content:
    return {**slide, "part": part_id(slide["part"])} if isinstance(slide.get("part"), int) else slide
