from . import helpdesk_ticket, mailbox, target
