"""Words that belong to one form of meeting: nobody in a hall is told to chat, nobody on a screen to find a table."""

import re

from domain.meeting import Format

ON_SCREEN = (
    r"chat\w*",
    r"breakout\w*",
    r"zoom\w*",
    r"teams",
    r"mikrofon\w*",
    r"kamera\w*",
    r"log(ge)? på",
    r"logger på",
    r"check-in",
    r"del(e|es|t)? (lyden|skærm\w*)",
    r"videomøde\w*",
    r"på video",
    r"egen computer",
    r"hver sin computer",
    r"teknik:",
)
IN_A_ROOM = (
    r"lokale\w*",
    r"bord(et|e|ene)?",
    r"stole\w*",
    r"lærred\w*",
    r"flip-?over\w*",
    r"tavle\w*",
    r"s(æt|ætter|itter|idder) (jer|sig) sammen",
    r"sid (jer )?sammen",
    r"gå rundt",
    r"læg (dem|det) frem",
    r"rejs jer",
    r"print\w*",
    r"kopirum\w*",
    r"(til|hent) kaffe\w*",
    r"ræk hånden op",
    r"p-pladser?",
)
OF_THE_OTHER = {Format.IN_PERSON: ON_SCREEN, Format.VIDEO: IN_A_ROOM}


def words_of_the_other_form(text: str, form: Format) -> list[str]:
    """What in this text only makes sense in a meeting of the other form, each with what stands around it."""
    found = re.finditer(rf"\b({'|'.join(OF_THE_OTHER[form])})", text, re.IGNORECASE)
    return [text[max(0, hit.start() - 40) : hit.end() + 20].replace("\n", " ") for hit in found]
