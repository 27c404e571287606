"""Mail that says what it is: written into a folder, for nobody, with a mark in its subject and at its head."""

from mail.envelope import Envelope
from mail.folder_sender import FolderSender
from mail.sending import Receipt

MARK = "Demonstration"
TEXT = "DEMONSTRATION: Denne mail er ikke sendt til nogen. Alle navne er opdigtede."


class MarkedFolderSender(FolderSender):
    """Writes each mail with the mark; else as the folder does."""

    def send(self, envelope: Envelope) -> Receipt:
        return super().send(marked(envelope))


def marked(envelope: Envelope) -> Envelope:
    """The same envelope, whose mail is seen at once to be no real one."""
    mail = envelope.mail
    head, body, rest = mail.html.partition("<body")
    tag, end, content = rest.partition(">")
    notice = f'<p style="margin:0;padding:12px;background:#fbf3df;color:#1f2a30">{TEXT}</p>'
    html = f"{head}{body}{tag}{end}{notice}{content}" if body else f"{notice}{mail.html}"
    changed = mail.model_copy(
        update={"subject": f"[{MARK}] {mail.subject}", "text": f"{TEXT}\n\n{mail.text}", "html": html}
    )
    return envelope.model_copy(update={"mail": changed})
