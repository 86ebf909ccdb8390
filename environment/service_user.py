"""The system user under which servers run when we are root.

PostgreSQL refuses to run as root, and a mail server that holds test mail has no business doing so
either. Somebody who is not root simply stays who they are.
"""

import os
import pwd
from functools import cache
from pathlib import Path

from . import commands
from .places import NAME


@cache
def account() -> pwd.struct_passwd:
    """The user servers run as; made on first use when we are root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        _create()
        return pwd.getpwnam(NAME)


def popen_options() -> dict:
    """Keyword arguments that make ``subprocess`` start a program as that user."""
    user = account()
    if user.pw_uid == os.geteuid():
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def give(path: Path) -> None:
    """Hand a file or a folder (not what is in it) to that user."""
    user = account()
    if user.pw_uid != os.geteuid():
        os.chown(path, user.pw_uid, user.pw_gid)


def _create() -> None:
    words = ["--system", "--user-group", "--no-create-home", "--home-dir", f"/var/lib/{NAME}"]
    commands.run(
        [commands.find("useradd", "passwd"), *words, "--shell", "/usr/sbin/nologin", NAME],
        "Creating the system user for PostgreSQL and the mail server",
    )
