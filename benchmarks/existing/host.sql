-- What both databases have before the benchmark: contacts, leads, and the mails in their chatters.
-- "size" holds the numbers of people.py, "mail" one row for each mail, both made by filling.py.

INSERT INTO res_partner (name, complete_name, email, email_normalized, type, lang, active,
    is_company, partner_share, color, create_uid, create_date, write_uid, write_date)
SELECT 'Person ' || n, 'Person ' || n, address, address, 'contact', 'en_US', true, false, true, 0,
    1, now() AT TIME ZONE 'UTC' - n * interval '17 minutes', 1, now() AT TIME ZONE 'UTC'
FROM size, generate_series(0, 2 * contacts - 2, 2) AS n,
    LATERAL (SELECT 'person' || n || '@customer' || n % hosts || '.example' AS address) AS of;

UPDATE res_partner SET commercial_partner_id = id WHERE commercial_partner_id IS NULL;

CREATE TEMPORARY TABLE writer AS
SELECT n, 'Person ' || n AS name, 'person' || n || '@customer' || n % hosts || '.example' AS address
FROM size, generate_series(0, writers - 1) AS n;
ALTER TABLE writer ADD COLUMN partner_id integer;
UPDATE writer SET partner_id = id FROM res_partner WHERE email_normalized = address;
CREATE UNIQUE INDEX ON writer (n);

-- a lead is of the writer of its first mail
CREATE TEMPORARY TABLE lead AS
SELECT n, nextval('crm_lead_id_seq')::integer AS id FROM size, generate_series(0, records - 1) AS n;
CREATE UNIQUE INDEX ON lead (n);

INSERT INTO crm_lead (id, name, type, active, priority, won_status, stage_id, company_id,
    email_from, email_normalized, email_domain_criterion, contact_name, partner_id, color,
    probability, automated_probability, create_uid, create_date, write_uid, write_date)
SELECT id, md5(n::text) || ' lead', 'lead', n % 10 > 0, '0', 'pending',
    (SELECT min(id) FROM crm_stage), (SELECT min(id) FROM res_company),
    '"' || writer.name || '" <' || address || '>', address, split_part(address, '@', 2),
    writer.name, partner_id, 0, 10, 10, 1, born, 1, born
FROM lead JOIN writer USING (n),
    LATERAL (SELECT now() AT TIME ZONE 'UTC' - n * interval '40 minutes' AS born) AS moment;

ALTER TABLE mail ADD COLUMN chatter_id integer, ADD COLUMN lead_id integer,
    ADD COLUMN date timestamp, ADD COLUMN words text;
UPDATE mail SET chatter_id = nextval('mail_message_id_seq'), lead_id = lead.id,
    date = now() AT TIME ZONE 'UTC' - interval '2 days' - (emails - mail.n) * interval '10 minutes',
    words = (SELECT string_agg(md5((mail.n * 31 + part)::text), ' ') FROM generate_series(1, 20) AS part)
FROM size, lead WHERE lead.n = mail.n % records;
CREATE UNIQUE INDEX ON mail (n);
ANALYZE mail;

INSERT INTO mail_message (id, model, res_id, message_type, subtype_id, subject, body, message_id,
    parent_id, email_from, author_id, date, is_internal, record_company_id, reply_to,
    create_uid, create_date, write_uid, write_date)
SELECT mail.chatter_id, 'crm.lead', mail.lead_id, 'email',
    (SELECT res_id FROM ir_model_data WHERE module = 'mail' AND name = 'mt_comment'),
    left(mail.words, 40), '<p>' || mail.words || '</p><p>' || reverse(mail.words) || '</p>',
    mail.message_id, question.chatter_id, '"' || name || '" <' || address || '>', partner_id,
    mail.date, false, (SELECT min(id) FROM res_company), 'catchall@company.example',
    1, mail.date, 1, mail.date
FROM mail JOIN writer ON writer.n = mail.writer
    LEFT JOIN mail AS question ON question.n = mail.parent;

-- every fifth mail brings a file
INSERT INTO ir_attachment (name, type, res_model, res_id, store_fname, checksum, mimetype,
    file_size, company_id, create_uid, create_date, write_uid, write_date)
SELECT 'document ' || n || '.pdf', 'binary', 'crm.lead', lead_id, left(sum, 2) || '/' || sum, sum,
    'application/pdf', 20000, 1, 1, date, 1, date
FROM mail, LATERAL (SELECT md5(n::text) || left(md5(n::text || 'file'), 8) AS sum) AS file
WHERE n % 5 = 0;

INSERT INTO message_attachment_rel (message_id, attachment_id)
SELECT chatter_id, id FROM mail JOIN ir_attachment ON name = 'document ' || n || '.pdf';
