from . import distribution, helpdesk_ticket, mailbox, rule, target
