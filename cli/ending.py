"""How a command ends: 0 done, 1 the answer is no, 2 wrong use or bad input, with one clear line on stderr."""


class Refusal(Exception):  # noqa: N818 - an answer, not a defect
    """Ends the command with one line on stderr. `code` 1: the answer is no; 2: wrong use or bad input."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(" ".join(message.split()))
        self.code = code
