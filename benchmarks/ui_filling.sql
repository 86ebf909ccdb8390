-- Mail of several mailboxes and users, and records with it; "size" and "place" are made by
-- ui_filling.py. Of twenty mails ten are the measured user's group mailbox's, four its own, six of
-- others. Every tenth belongs to one account: to its contacts, its leads, its tasks in turn; every
-- other tenth to one of many leads.

CREATE TEMPORARY TABLE mail AS
SELECT n, nextval('mail_import_email_id_seq')::integer AS email_id,
    nextval('mail_import_entry_id_seq')::integer AS entry_id,
    CASE WHEN n % 20 < 10 THEN support_id WHEN n % 20 < 14 THEN own_id
        ELSE others[1 + n % array_length(others, 1)] END AS mailbox_id,
    CASE WHEN n % 20 BETWEEN 10 AND 13 THEN user_id END AS user_id,
    CASE WHEN n % 20 BETWEEN 10 AND 13 THEN 'owner' ELSE 'linked' END AS visibility,
    CASE WHEN n / 20 % 10 < 7 THEN inbox_id ELSE archive_id END AS folder_id,
    now() AT TIME ZONE 'UTC' - interval '1 hour' - n * interval '3 minutes' AS date,
    'Person ' || n % 997 AS name, 'person' || n % 997 || '@customer' || n % 97 || '.example' AS address,
    (SELECT string_agg(md5((n * 31 + part)::text), ' ') FROM generate_series(1, 40) AS part) AS words
FROM size, place, generate_series(0, emails - 1) AS n;
CREATE UNIQUE INDEX ON mail (n);
ANALYZE mail;

INSERT INTO mail_import_email (id, key, digest, message_id, message_id_digest, state, direction,
    subject, date, from_name, from_email, "to", body, body_text, preview, headers, size,
    has_attachments, decided, company_id, create_uid, create_date, write_uid, write_date)
SELECT email_id, md5('key' || n) || md5(n || 'key'), md5('text' || n) || md5(n || 'text'),
    '<ui.' || n || '@customer.example>', md5('<ui.' || n), 'received', 'incoming',
    'Order ' || n || ' ' || left(words, 30), date, name, address, 'Support <support@company.example>',
    '<p>' || words || '</p>', words, left(words, 100), 'Received: from ' || left(words, 100),
    4000 + n % 9000, n % 5 = 0, true, (SELECT min(id) FROM res_company), 1, date, 1, date
FROM mail;

-- threads of ten
INSERT INTO mail_import_reference (email_id, digest, position)
SELECT email_id, md5('<ui.' || n - n % 10), 0 FROM mail WHERE n % 10 > 0;

INSERT INTO mail_import_entry (id, email_id, mailbox_id, user_id, folder_id, subject, sender, preview,
    date, direction, has_attachments, is_read, starred, handled, visibility, has_original,
    create_uid, create_date, write_uid, write_date)
SELECT entry_id, email_id, mailbox_id, user_id, folder_id, 'Order ' || n || ' ' || left(words, 30),
    '"' || name || '" <' || address || '>', left(words, 100), date, 'incoming', n % 5 = 0,
    n % 7 > 0, n % 50 = 0, n % 11 = 0, visibility, false, 1, date, 1, date
FROM mail;

INSERT INTO crm_lead (name, type, active, priority, won_status, stage_id, company_id, color,
    probability, automated_probability, create_uid, create_date, write_uid, write_date)
SELECT 'Lead ' || n, 'lead', true, '0', 'pending', (SELECT min(id) FROM crm_stage),
    (SELECT min(id) FROM res_company), 0, 10, 10, 1, now() AT TIME ZONE 'UTC', 1,
    now() AT TIME ZONE 'UTC'
FROM size, generate_series(0, greatest(emails / 100, 1) - 1) AS n;
CREATE TEMPORARY TABLE lead AS
SELECT row_number() OVER (ORDER BY id) - 1 AS n, id FROM crm_lead WHERE name LIKE 'Lead %';
CREATE UNIQUE INDEX ON lead (n);

INSERT INTO mail_import_link (email_id, res_model, res_id, step, made_record, suggested, date,
    create_uid, create_date, write_uid, write_date)
SELECT email_id,
    (ARRAY['res.partner', 'crm.lead', 'project.task'])[1 + n / 10 % 3],
    (CASE n / 10 % 3 WHEN 0 THEN contacts[1 + n / 30 % array_length(contacts, 1)]
        WHEN 1 THEN leads[1 + n / 30 % array_length(leads, 1)]
        ELSE tasks[1 + n / 30 % array_length(tasks, 1)] END),
    'address', false, false, date, 1, date, 1, date
FROM mail, place WHERE n % 10 = 3
UNION ALL
SELECT email_id, 'crm.lead', lead.id, 'address', false, false, date, 1, date, 1, date
FROM mail, size, lead WHERE mail.n % 10 = 5 AND lead.n = mail.n / 10 % greatest(emails / 100, 1);
