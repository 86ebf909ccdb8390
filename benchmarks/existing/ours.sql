-- What our add-on has stored of the same mails: all of them in one mailbox, read, and in the chatter.
-- "place" holds the ids of the mailbox, its remote folder and its local one.

ALTER TABLE mail ADD COLUMN email_id integer, ADD COLUMN entry_id integer;
UPDATE mail SET email_id = nextval('mail_import_email_id_seq'),
    entry_id = nextval('mail_import_entry_id_seq');

INSERT INTO mail_import_email (id, key, digest, message_id, message_id_digest, references_text,
    state, direction, subject, date, from_name, from_email, author_id, "to", body, body_text,
    preview, headers, size, has_attachments, decided, company_id,
    create_uid, create_date, write_uid, write_date)
SELECT mail.email_id, md5('key' || mail.n) || md5(mail.n || 'key'),
    md5('text' || mail.n) || md5(mail.n || 'text'), mail.message_id, mail.digest,
    question.message_id, 'received', 'incoming', left(mail.words, 40), mail.date, name, address,
    partner_id, 'Support <support@company.example>',
    '<p>' || mail.words || '</p><p>' || reverse(mail.words) || '</p>', mail.words,
    left(mail.words, 100), 'Received: from ' || mail.words || E'\nMessage-ID: ' || mail.message_id,
    4000 + mail.n % 9000, mail.n % 5 = 0, true, (SELECT min(id) FROM res_company),
    1, mail.date, 1, mail.date
FROM mail JOIN writer ON writer.n = mail.writer LEFT JOIN mail AS question ON question.n = mail.parent;

INSERT INTO mail_import_reference (email_id, digest, position)
SELECT mail.email_id, question.digest, 0 FROM mail JOIN mail AS question ON question.n = mail.parent
UNION ALL
SELECT mail.email_id, first.digest, 1 FROM size, mail JOIN mail AS first ON true
WHERE first.n = mail.n % records AND mail.parent <> first.n AND mail.parent IS NOT NULL;

INSERT INTO mail_import_entry (id, email_id, mailbox_id, folder_id, subject, sender, preview, date,
    direction, has_attachments, is_read, starred, handled, visibility, has_original, trace_headers,
    authserv_id, verdict, verdict_summary, create_uid, create_date, write_uid, write_date)
SELECT entry_id, email_id, mailbox_id, folder_id, left(words, 40),
    '"' || name || '" <' || address || '>', left(words, 100), date, 'incoming', mail.n % 5 = 0,
    mail.n % 50 > 0, mail.n % 100 = 0, false, 'linked', mail.n > emails - 5000,
    'Received: from ' || left(words, 200), 'mx.company.example', 'pass', 'dmarc=pass',
    1, date, 1, date
FROM size, place, mail JOIN writer ON writer.n = mail.writer;

-- originals of the last weeks
INSERT INTO ir_attachment (name, type, res_model, res_field, res_id, store_fname, checksum,
    mimetype, file_size, company_id, create_uid, create_date, write_uid, write_date)
SELECT 'original', 'binary', 'mail.import.entry', 'original', entry_id, left(sum, 2) || '/' || sum,
    sum, 'message/rfc822', 9000, 1, 1, date, 1, date
FROM size, mail, LATERAL (SELECT md5('raw' || n) || left(md5(n::text || 'raw'), 8) AS sum) AS file
WHERE mail.n > emails - 5000;

INSERT INTO ir_attachment (name, type, res_model, res_id, store_fname, checksum, mimetype,
    file_size, company_id, create_uid, create_date, write_uid, write_date)
SELECT 'document ' || n || '.pdf', 'binary', 'mail.import.email', email_id,
    left(sum, 2) || '/' || sum, sum, 'application/pdf', 20000, 1, 1, date, 1, date
FROM mail, LATERAL (SELECT md5(n::text) || left(md5(n::text || 'file'), 8) AS sum) AS file
WHERE n % 5 = 0;

INSERT INTO mail_import_email_attachment_rel (email_id, attachment_id)
SELECT res_id, id FROM ir_attachment WHERE res_model = 'mail.import.email';

INSERT INTO mail_import_location (remote_folder_id, mailbox_id, uidvalidity, uid, outcome, entry_id,
    create_uid, create_date, write_uid, write_date)
SELECT remote_folder_id, mailbox_id, 1, mail.n + 1, 'stored', entry_id, 1, date, 1, date
FROM place, mail;

INSERT INTO mail_import_link (email_id, res_model, res_id, target_id, step, made_record, suggested,
    message_id, date, create_uid, create_date, write_uid, write_date)
SELECT email_id, 'crm.lead', lead_id,
    (SELECT res_id FROM ir_model_data WHERE module = 'mail_task_import' AND name = 'target_lead'),
    CASE WHEN parent IS NULL THEN 'default' ELSE 'reply' END, parent IS NULL, false, chatter_id,
    date, 1, date, 1, date
FROM mail;

-- whoever made a record has claimed its thread
INSERT INTO mail_import_claim (digest) SELECT digest FROM mail WHERE parent IS NULL;
