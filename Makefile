# Everything is done by the Python package environment/; this file only gives it short names.

PYTHON ?= python3
export ARGS FRESH ONLY ODOO_PORT IMAP_PORT IMAPS_PORT POP_PORT SMTP_PORT SINK_HTTP_PORT PG_PORT ODOO_SOURCE
export PYTHONDONTWRITEBYTECODE = 1

.DEFAULT_GOAL := help
.PHONY: help setup run stop shell test test-host leak-fuzz lint fuzz translations pictures bench bench-rules bench-templates bench-watch bench-ui clean

help:  ## list what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1	/' | expand -t 16

setup:  ## get Odoo, its Python packages, and the programs it needs
	@$(PYTHON) -m environment setup

run:  ## start a demo: Odoo, mailboxes with mail in them, and a page that shows what was sent
	@$(PYTHON) -m environment run

stop:  ## stop the demo and the database server
	@$(PYTHON) -m environment stop

shell:  ## an Odoo shell on the demo database; a script can come on standard input
	@$(PYTHON) -m environment shell

test:  ## run all tests; choose with ARGS="-k reply" or ARGS="-x mail_task_import/tests/test_link.py"
	@$(PYTHON) -m environment test

test-host:  ## run Odoo's own tests without and with the add-on, and compare (half an hour)
	@$(PYTHON) -m environment test-host

leak-fuzz:  ## ask after 10,000 random histories who reads what, or after so many: ARGS=500
	@$(PYTHON) -m environment leak-fuzz

lint:  ## check style, Odoo's conventions and the house rules
	@$(PYTHON) -m environment lint

fuzz:  ## change mails at random for five minutes, or so many: ARGS=60
	@$(PYTHON) -m environment fuzz

translations:  ## export what can be translated, and list what has no translation yet
	@$(PYTHON) -m environment translations

pictures:  ## take pictures of the demo's main screens, into a folder: ARGS=folder
	@$(PYTHON) -m environment pictures

bench:  ## measure the importer beside the host's own
	@$(PYTHON) -m environment bench

bench-rules:  ## measure the import with 200 rules and 500 filters beside that with none
	@$(PYTHON) -m environment bench-rules

bench-templates:  ## measure templates with placeholders beside the host's own
	@$(PYTHON) -m environment bench-templates

bench-watch:  ## measure from a mail's delivery to the screen, with the watcher
	@$(PYTHON) -m environment bench-watch

bench-ui:  ## measure the screens at 200,000 e-mails beside those at 2,000
	@$(PYTHON) -m environment bench-ui

clean:  ## stop everything and delete databases, mail and downloads
	@$(PYTHON) -m environment clean
