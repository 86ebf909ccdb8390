from . import helpdesk_ticket, mailbox, rule, target
