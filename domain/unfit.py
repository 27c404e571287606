"""What people send that cannot be taken: said in Danish to the person and in English to an engineer."""


class Unfit(ValueError):  # noqa: N818 - a "no" to the person, not an error
    """Says what is wrong and how to mend it, and never repeats what was sent: it may be a name or an address."""

    def __init__(self, danish: str, english: str) -> None:
        super().__init__(danish, english)
        self.danish = danish
        self.english = english

    def __str__(self) -> str:
        return self.danish
