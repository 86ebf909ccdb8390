"""The demo's correspondence: a company's mail of the last month, made here and always the same.

``deliver()`` puts it into a mail server, ``mailboxes()`` says whose mailboxes these are,
``statistics()`` how much there is. The texts are in ``stories_*`` and ``chains*``, ``threads``
makes letters of them, ``builder`` makes mails of letters.
"""

from .delivery import correspondence, deliver, mailboxes, statistics
from .people import Mailbox

__all__ = ["Mailbox", "correspondence", "deliver", "mailboxes", "statistics"]
