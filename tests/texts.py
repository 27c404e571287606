"""Texts and addresses that the doors take, as Hypothesis finds them: ordinary ones, and the oddest that still pass."""

from collections.abc import Callable

from hypothesis import strategies as st

from domain.unfit import Unfit

ODD = (
    "Åse Ærø", "e\u0301", "O’Neil", "Lars-Bo", " ", "\u00a0", "\t", "\n", ",", ";", ":", '"', "'", "\\", "\\n", "\\,",
    "<b>", "&amp;", "&", "<", ">", "{{x}}", "{x}", "%s", "%0A", "=?utf-8?q?x?=", "_x0041_", "(x)", "[x]", "@", "a@b.dk",
    " <a@b.dk>, ", "--", ".", "\n.\n", "…", "–", "x" * 90, "æ" * 90,
    "\U0001f469\U0001f3fd\u200d\u2695\ufe0f", "\u2764\ufe0f", "1\ufe0f\u20e3", "\U0001f1e9\U0001f1f0", "\U0001fae8",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "𝕬", "ﬁ", "İ", "ß", "\u0338", "مرحبا", "می\u200cخواهم", "שלום", "क्\u200dष", "漢字", "\u200b", "\ufeff", "\u202e",
)  # fmt: skip

WRITTEN = st.lists(st.sampled_from(ODD) | st.characters(), min_size=1, max_size=12).map("".join)
"""What people might write, and much that they would not."""

LOCAL_PARTS = st.lists(
    st.sampled_from(
        (
            "søren",
            "ærø",
            "Å",
            "jens",
            ".",
            "+",
            "-",
            "_",
            "'",
            "1",
            "a",
            "é",
            "李",
            "а",
            "`",
            "{",
            "|",
            "#",
            "=?",
            "%",
            "!",
            "😀",
        )
    ),
    min_size=1,
    max_size=8,
).map("".join)
DOMAINS = st.lists(
    st.sampled_from(("læge", "klinik", "ærø", "xn--lge-yla", "STRASSE", "straße", "漢字", "a-b", "münchen", "x" * 40)),
    min_size=1,
    max_size=4,
).map(lambda labels: ".".join([*labels, "dk"]))
ADDRESSES_WRITTEN = st.builds("{}@{}".format, LOCAL_PARTS, DOMAINS)


def taken(door: Callable[[str], str], written: st.SearchStrategy[str] = WRITTEN) -> st.SearchStrategy[str]:
    """What the door makes of what it takes."""

    def through(text: str) -> str | None:
        try:
            return door(text)
        except Unfit:
            return None

    return written.map(through).filter(lambda text: text is not None).map(str)
