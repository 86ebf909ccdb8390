"""Drafts become their writer's own; 19.0.1.1.0 did not note on their entries who that is."""


def migrate(cr, version):
    """Whoever made a draft writes it. What failed can be corrected by whoever wrote it."""
    cr.execute(
        """UPDATE mail_import_entry AS entry
              SET writer_id = email.create_uid, is_draft = (email.state = 'draft')
             FROM mail_import_email AS email
            WHERE email.id = entry.email_id AND email.direction = 'outgoing'
              AND entry.writer_id IS NULL
              AND (email.state = 'draft'
                   OR (email.state = 'failed'
                       AND email.written_as IN ('new', 'reply', 'reply_all', 'forward')))"""
    )
