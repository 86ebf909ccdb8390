"""The shape of the demo's threads: what is told, before it becomes mail."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class File:
    """An attachment; ``content`` gets the time of its mail. With a ``cid`` the body shows it."""

    name: str
    mimetype: str
    content: Callable[[datetime], bytes]
    cid: str = ""


@dataclass(frozen=True)
class Story:
    """A thread. Its ``turns`` alternate between the other side and us, then a chain goes on.

    :ivar box: key of the mailbox that it is written to
    :ivar person: key of whom we write with
    :ivar turns: the text of each mail, without greeting and signature
    :ivar kind: of the dialogue of ``chains`` that goes on; ``dialogue`` says which of them, and
        ``follow`` how many mails of it
    :ivar item: what the thread is about, for the chain's texts
    :ivar files: attachments of a turn, by its position
    :ivar cc: keys of mailboxes and people that get a copy of everything
    :ivar also: keys of mailboxes that the other side names in To as well
    :ivar by: key of the employee who answers from a group mailbox
    :ivar ago: days since the first mail; drawn from the last month if it is None
    """

    slug: str
    box: str
    person: str
    subject: str
    turns: tuple[str, ...]
    kind: str = ""
    follow: int = 0
    dialogue: int = 0
    item: str = ""
    order: str = ""
    files: dict[int, tuple[File, ...]] = field(default_factory=dict, hash=False)
    cc: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    by: str = "marc"
    ago: float | None = None
    starred: bool = False

    def is_ours(self, position: int) -> bool:
        return position % 2 == 1


def story(slug: str, box: str, person: str, subject: str, *turns: str, **options) -> Story:
    return Story(slug, box, person, subject, turns, **options)
