"""Pictures of decks, made once and kept in memory for a while: a few decks, one being made at a time."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence

from fastapi.concurrency import run_in_threadpool

from reporting.office import OfficeFailed
from reporting.slide_pictures import slide_pictures

LOGGER = logging.getLogger("web")

DECKS = 6
"""So many are kept: a deck's pictures are some 2 MB."""
Pictures = Sequence[bytes]
MakePictures = Callable[[bytes], Pictures]


class PictureShelf:
    """Pictures by document. A document's bytes never change, so neither do its pictures.

    Whoever asks while they are being made waits for the same; what failed is tried again by who asks next.
    """

    def __init__(self, make: MakePictures = slide_pictures) -> None:
        self._make = make
        self._kept: OrderedDict[str, asyncio.Task[Pictures]] = OrderedDict()
        self._turn = asyncio.Semaphore(1)

    async def pictures(self, document_id: str, deck: bytes) -> Pictures:
        """The deck's pictures. Raises OfficeFailed."""
        task = self._kept.get(document_id)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = asyncio.create_task(self._made(deck))
            self._kept[document_id] = task
        self._kept.move_to_end(document_id)
        while len(self._kept) > DECKS:
            self._kept.popitem(last=False)
        return await asyncio.shield(task)

    async def _made(self, deck: bytes) -> Pictures:
        async with self._turn:
            try:
                return await run_in_threadpool(self._make, deck)
            except OfficeFailed as error:
                LOGGER.warning("no pictures of a file: %s", error)
                raise

    def forget(self, document_id: str) -> None:
        """The document is gone."""
        self._kept.pop(document_id, None)
