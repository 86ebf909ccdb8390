"""How Odoo is called: its configuration file and its command lines.

Whether it runs in the background is the concern of ``demo``.
"""

from collections.abc import Sequence
from pathlib import Path

from . import addons, commands, places, postgres, virtualenv

# Nobody waits on a terminal for these; a slow machine must not kill a worker in mid-test.
TIME_LIMIT = 3600  # seconds

DEFAULTS = {
    "db_host": "",
    "db_port": "",
    "db_user": postgres.ROLE,
    "list_db": False,
    "http_interface": places.HOST,
    "workers": 0,
    "limit_time_cpu": TIME_LIMIT,
    "limit_time_real": TIME_LIMIT,
    "limit_time_real_cron": TIME_LIMIT,
    "limit_memory_soft": 4 * 2**30,
    "limit_memory_hard": 6 * 2**30,
}


def data_folder() -> Path:
    """Odoo's ``data_dir``: filestore and sessions."""
    folder = places.state() / "odoo"
    folder.mkdir(exist_ok=True)
    return folder


def configuration(name: str, **options: object) -> Path:
    """Write ``NAME.conf`` into the state folder.

    :param options: on top of what every Odoo of ours needs: database, add-ons, limits
    """
    settings = {
        **DEFAULTS,
        "addons_path": ",".join(str(path) for path in addons.search_path()),
        "data_dir": data_folder(),
        "db_host": postgres.socket_folder(),
        "db_port": places.port("PG_PORT"),
        **options,
    }
    lines = [f"{key} = {value}" for key, value in settings.items()]
    path = places.state() / f"{name}.conf"
    path.touch(mode=0o600)
    path.write_text("\n".join(["[options]", *lines, ""]))
    return path


def command(config: Path, *words: str) -> list[str | Path]:
    return [virtualenv.python(), "-m", "odoo", *words[:1], "-c", config, *words[1:]]


def install(database: str, modules: Sequence[str], with_demo: bool = False) -> str:
    """Install add-ons into a database, or update those that are installed; returns Odoo's log.

    :raises trouble.Trouble: with the end of the log
    """
    # of its own: two databases may be installed into at the same time
    config = configuration(f"install_{database}", http_port=places.free_port(), db_name=database)
    names = ",".join(modules)
    words = ["server", "-i", names, "-u", names, "--stop-after-init", "--no-http"]
    if with_demo:
        words.append("--with-demo")
    try:
        return commands.run(
            command(config, *words, "--log-level=warn"),
            f"Installing {names}",
            cwd=places.state(),
        )
    finally:
        config.unlink()
