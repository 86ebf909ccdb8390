"""What comes in at invoices@, which is read by POP3: nobody answers from there."""

from .documents import pdf
from .story import story

STORIES = (
    story(
        "reminder-castors",
        "invoices",
        "willie",
        "Invoice 2041 paid twice",
        """Our bank has paid your invoice 2041 twice, on the first and on the third. Please set the
        second payment off against the next invoice, or send it back.""",
    ),
    story(
        "credit-note-lamps",
        "invoices",
        "nicole",
        "Credit note for the lamps that came back",
        """We sent six lamps back three weeks ago, and have no credit note yet. Our return slip is
        attached.""",
        files={0: (pdf("return-slip.pdf", "Return slip 118", "6 x Desk lamp, not used"),)},
    ),
    story(
        "new-billing-address",
        "invoices",
        "douglas",
        "New address for invoices",
        """From next month on our invoices go to the head office: Acme Corporation, Accounts, 12
        Harbour Road. The order numbers stay as they are.""",
    ),
)
