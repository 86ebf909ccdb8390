"""Whom a letter goes to, and who sends it, where its record does not say that."""

from dataclasses import dataclass

LETTER = "mail_import_letter"
"""The key of the context; callers of RPC cannot make a ``Letter`` of what they send."""


@dataclass(frozen=True, slots=True)
class Letter:
    name: str = ""
    """As its header has it."""
    address: str = ""
    contact_id: int = 0
    """0: nobody that is known."""
    mailbox_id: int = 0
    """Of an automatic answer, which this mailbox sends."""
