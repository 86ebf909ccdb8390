#!/usr/bin/env python3
"""Hands a mail from standard input over to Odoo; for the pipe of a mail server.

It does what Odoo's ``odoo-mailgate.py`` does, and besides

* takes the mail byte for byte, whatever its character set;
* reads the password, or API key, from a file: a command line is seen by everybody;
* has the mail server keep the mail (exit code 75) whatever goes wrong. Only where Odoo knows no
  such address (67) the sender is told.

Plain Python: copy it where the mail server may run it. In Postfix' ``aliases``::

    support: "|/usr/local/bin/mail_import_gate.py -d company -u 12 --password-file /etc/odoo-mail"
"""

import argparse
import os
import socket
import sys
import xmlrpc.client

NO_SUCH_ADDRESS = 67  # sysexits.h: EX_NOUSER
TRY_AGAIN = 75  # EX_TEMPFAIL
SECONDS = 600


def main():
    try:
        options = _options()
        raw = sys.stdin.buffer.read()
        with open(options.password_file, encoding="utf-8") as file:
            password = file.read().strip()
        socket.setdefaulttimeout(SECONDS)
        models = xmlrpc.client.ServerProxy(f"{options.url}/xmlrpc/2/object", allow_none=True)
        arguments = [False, xmlrpc.client.Binary(raw)]
        who = options.database, options.user, password
        models.execute_kw(*who, "mail.thread", "message_process", arguments)
    except xmlrpc.client.Fault as fault:
        _end(fault.faultString.strip().splitlines()[-1:], "No possible route" in fault.faultString)
    except BaseException as error:
        # its own words could name the password
        _end([type(error).__name__])


def _options():
    parser = argparse.ArgumentParser(description="Hand a mail over to Odoo.")
    parser.add_argument("-d", "--database", required=True)
    parser.add_argument("-u", "--user", type=int, required=True, help="its number")
    parser.add_argument("--password-file", required=True, help="readable by the mail server only")
    parser.add_argument("--url", default="http://localhost:8069")
    return parser.parse_args()


def _end(words, unknown_address=False):
    """What is written here stands in the mail server's log, and in what it sends back."""
    sys.stderr.write(f"{' '.join(words)[:200]}\n")
    sys.stderr.flush()
    os._exit(NO_SUCH_ADDRESS if unknown_address else TRY_AGAIN)


if __name__ == "__main__":
    main()
