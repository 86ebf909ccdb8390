"""The verbs ``run``, ``stop`` and ``shell``: a demo that a person can look at.

Its parts are Odoo with the watcher of its mailboxes, PostgreSQL, Dovecot with mail in it and the
SMTP sink. ``run`` starts what is not running; the database is made the first time, or with
``FRESH=1``, and updated when our add-ons change. Ports that are named move a demo that is there,
running or not.
"""

import importlib
import importlib.util
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from . import (
    addons,
    commands,
    databases,
    demo_newcomer,
    demo_place,
    odoo_server,
    places,
    postgres,
    setting_up,
    virtualenv,
)
from .trouble import Trouble, say

START_TIMEOUT = 180  # seconds; the first page makes Odoo compile its style sheets
SETUP_SCRIPT = Path(__file__).with_name("demo_setup.py")
# Where the database names a port of the demo: table, its columns for host and port, which port.
PORT_COLUMNS = (
    ("mail_import_mailbox", "host", "port", "IMAP_PORT"),
    ("mail_import_mailbox", "host", "port", "IMAPS_PORT"),
    ("mail_import_mailbox", "host", "port", "POP_PORT"),
    ("mail_import_mailbox", "smtp_host", "smtp_port", "SMTP_PORT"),
    ("fetchmail_server", "server", "port", "IMAP_PORT"),
    ("fetchmail_server", "server", "port", "IMAPS_PORT"),
    ("fetchmail_server", "server", "port", "POP_PORT"),
    ("ir_mail_server", "smtp_host", "smtp_port", "SMTP_PORT"),
    ("mail_import_provider", "imap_host", "imap_port", "IMAP_PORT"),
    ("mail_import_provider", "smtp_host", "smtp_port", "SMTP_PORT"),
)
MAIL_PACKAGE = f"{__package__}.demo_mail"


def run() -> None:
    setting_up.set_up()
    postgres.ensure()
    is_new = bool(os.environ.get("FRESH")) or demo_place.DATABASE not in postgres.databases()
    if is_new:
        _forget()
    had = demo_place.keep_ports()
    has_moved = bool(had) and had != demo_place.ports()
    if has_moved:
        _stop_parts()
    _start_mail()
    if is_new:
        _create()
    elif _installed() != addons.digest():
        _update()
    if has_moved:
        _move(had)
    _start_odoo()
    _start_watcher()
    demo_place.note_ports()
    _tell()


def stop() -> None:
    """The database server is left alone while somebody else, a test for example, is using it."""
    _stop_parts()
    others = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
    if postgres.is_running() and int(postgres.query(f"{others} AND pid <> pg_backend_pid()")):
        say("The demo is stopped. PostgreSQL goes on: somebody is connected to it.")
        return
    postgres.stop()
    say("Stopped.")


def shell() -> int:
    """Returns the exit code of Odoo's shell; a script on standard input has to commit by itself."""
    setting_up.set_up()
    postgres.ensure()
    if demo_place.DATABASE not in postgres.databases():
        raise Trouble("There is no demo database yet: make run")
    return subprocess.run(_shell_command(), cwd=places.CHECKOUT, check=False).returncode


def run_in_shell(script: str) -> None:
    """:raises Trouble: it ended with an error"""
    result = subprocess.run(
        _shell_command(), input=script, text=True, cwd=places.CHECKOUT, check=False
    )
    if result.returncode:
        raise Trouble("A script failed on the demo database; see above.")


def _stop_parts() -> None:
    demo_place.watcher().stop()
    demo_place.odoo().stop()
    demo_place.sink().stop()
    demo_place.dovecot().stop()


def _forget() -> None:
    """Mail of an earlier demo would be imported into the new database."""
    _stop_parts()
    shutil.rmtree(demo_place.folder())


# ---- mail ----------------------------------------------------------------------------------------


def _start_mail() -> None:
    dovecot = demo_place.dovecot()
    if not dovecot.is_running():
        for name in ("IMAP_PORT", "IMAPS_PORT", "POP_PORT"):
            places.check_port_is_free(name)
        say("Starting the mail server.")
    dovecot.start()
    if demo_place.CUSTOMER not in dovecot.logins():
        dovecot.add_user(demo_place.CUSTOMER, demo_place.CUSTOMER)
    sink = demo_place.sink()
    if not sink.pid():
        port = places.check_port_is_free("SMTP_PORT")
        places.check_port_is_free("SINK_HTTP_PORT")
        command = [virtualenv.python(), "-m", f"{__package__}.sink_process"]
        sink.start(command, {"PYTHONPATH": str(places.CHECKOUT)}, cwd=places.state())
        sink.wait_for(lambda: places.answers(port), seconds=10)


def _fill_mailboxes() -> None:
    if importlib.util.find_spec(MAIL_PACKAGE):
        say("Putting mail into the mailboxes.")
        importlib.import_module(MAIL_PACKAGE).deliver(demo_place.dovecot())
    demo_newcomer.deliver(demo_place.dovecot())


# ---- the database --------------------------------------------------------------------------------


def _create() -> None:
    """All or nothing: half a demo would be taken for a whole one the next time."""
    say("Making the demo database. The first time, this takes some minutes.")
    databases.copy_host_with_demo(demo_place.DATABASE)
    try:
        _fill()
    except Trouble:
        databases.drop(demo_place.DATABASE)
        raise


def _fill() -> None:
    """The add-on comes last: its demo data reads the servers' addresses from the parameters."""
    for key, value in (demo_place.parameters() | demo_place.allowances()).items():
        _set_parameter(key, value)
    _fill_mailboxes()
    _install_ours()
    if SETUP_SCRIPT.exists():
        say("Setting the scene.")
        _run_script(SETUP_SCRIPT)


def _update() -> None:
    demo_place.watcher().stop()
    demo_place.odoo().stop()
    for key, value in demo_place.allowances().items():
        _set_parameter(key, value)
    say("Our add-ons have changed: updating the demo database.")
    _install_ours()
    _encrypt()


def _move(had: dict[str, int]) -> None:
    """The mailboxes know their servers by port."""
    for key, value in demo_place.parameters().items():
        _set_parameter(key, value)
    for table, host, column, name in PORT_COLUMNS:
        if name in had:
            postgres.query(
                f"UPDATE {table} SET {column} = {places.port(name)} "
                f"WHERE {column} = {had[name]} AND {host} IN ('{places.HOST}', 'localhost')",
                demo_place.DATABASE,
            )


def _encrypt() -> None:
    """What an older demo has stored as it was."""
    commands.run(
        _own_command("mailbox_keys", "encrypt"), "Encrypting passwords", cwd=places.state()
    )


def _own_command(name: str, *words: str) -> list[str | Path]:
    """Odoo looks for the commands of add-ons before it reads its configuration."""
    path = ",".join(str(folder) for folder in addons.search_path())
    command = odoo_server.command(_configuration(), name, *words)
    command.insert(command.index(name), f"--addons-path={path}")
    return command


def _install_ours() -> None:
    digest = addons.digest()
    if addons.ours():
        databases.install(demo_place.DATABASE, addons.ours(), with_demo=True)
    _digest_file().write_text(digest)


def _installed() -> str:
    return _digest_file().read_text() if _digest_file().exists() else ""


def _digest_file() -> Path:
    return demo_place.folder() / "installed"


def _set_parameter(key: str, value: str) -> None:
    postgres.query(
        f"INSERT INTO ir_config_parameter (key, value) VALUES ('{key}', '{value}') "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        demo_place.DATABASE,
    )


def _run_script(script: Path) -> None:
    with script.open() as source:
        result = subprocess.run(_shell_command(), stdin=source, cwd=places.CHECKOUT, check=False)
    if result.returncode:
        raise Trouble(f"{script.name} failed on the demo database; see above.")


# ---- Odoo ----------------------------------------------------------------------------------------


def _configuration() -> Path:
    """Mail without a server of its own goes to the sink as well."""
    options = {
        "db_name": demo_place.DATABASE,
        "dbfilter": f"^{demo_place.DATABASE}$",
        "http_port": places.port("ODOO_PORT"),
        "max_cron_threads": 1,
        "smtp_server": places.HOST,
        "smtp_port": places.port("SMTP_PORT"),
        "mail_import_key": demo_place.password_key(),
    }
    if "mail_task_import_queue" in addons.ours():
        options["server_wide_modules"] = "base,rpc,web,queue_job"
    return odoo_server.configuration("demo", **options)


def _shell_command() -> list[str | Path]:
    return odoo_server.command(_configuration(), "shell", "--no-http", "--log-level=warn")


def _start_odoo() -> None:
    odoo = demo_place.odoo()
    if odoo.pid():
        return
    places.check_port_is_free("ODOO_PORT")
    say("Starting Odoo.")
    odoo.start(odoo_server.command(_configuration(), "server"), {}, cwd=places.state())
    odoo.wait_for(_login_page_answers, START_TIMEOUT)


def _start_watcher() -> None:
    """Mail that is written to the demo is in its inbox two seconds later."""
    watcher = demo_place.watcher()
    if addons.ours() and not watcher.pid():
        watcher.start(_own_command("mailbox_watch"), {}, cwd=places.state())


def _login_page_answers() -> bool:
    try:
        with urllib.request.urlopen(f"{address()}/web/login", timeout=60) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def address() -> str:
    return f"http://localhost:{places.port('ODOO_PORT')}"


def _tell() -> None:
    dovecot, newcomer = demo_place.dovecot(), demo_newcomer
    mailboxes = [login for login in dovecot.logins() if login != demo_place.CUSTOMER]
    ports = f"IMAP {dovecot.imap_port} (TLS {dovecot.imaps_port}), POP3 {dovecot.pop_port}"
    print(
        f"""
  Odoo         {address()}      admin / admin, or demo / demo
  First steps  {newcomer.LOGIN} / {newcomer.PASSWORD} has no mailbox yet: sign in, open Mail,
               and connect {newcomer.ADDRESS} / {newcomer.PASSWORD}
  Sent mail    http://localhost:{places.port("SINK_HTTP_PORT")}
  Mail server  {dovecot.host}, {ports}
               mailboxes: {", ".join(mailboxes)}
               what is sent to anybody else arrives at {demo_place.CUSTOMER} / {demo_place.CUSTOMER}
  Log          {demo_place.odoo().log}

  What to look at
    Mail > Inbox                        mail in four languages, a forged sender in red
    Mail > Configuration > Mailboxes    health, Test Connection, Fetch Now; Invoices comes by POP3
    Helpdesk, CRM, Project              records that mail has made, with their E-mails button
    Contacts > Azure Interior           all mail of an account, its people and its records

  Write to one of the mailboxes (SMTP, port {places.port("SMTP_PORT")}) and see it come in at once.
  make stop ends it all; make run FRESH=1 begins again.
"""
    )
