"""Mails as people end them, each with what a reader would say of who wrote it.

``(From, text, {field: value})``; a field that is left out is said by nothing in the mail. They were
written before the reader was tried on them, and are not bent to it.
"""

SAMPLES = [
    ("Ann Smith <ann@acme-tools.co.uk>", """Hi,
please send the quote.

Best regards,
Ann Smith
Sales Manager
Acme Tools Ltd
Tel: +44 20 7946 0958
www.acme-tools.co.uk""",
     {"company": "Acme Tools Ltd", "phone": "+44 20 7946 0958", "title": "Sales Manager",
      "website": "www.acme-tools.co.uk"}),
    ("Bob Miller <bob.miller@northwind.com>", """Thanks for the call.

--
Bob Miller | VP Operations | Northwind, Inc.
o: (212) 555-0147 | m: (917) 555-0199
bob.miller@northwind.com | northwind.com""",
     {"company": "Northwind, Inc.", "phone": "(212) 555-0147", "title": "VP Operations",
      "website": "northwind.com"}),
    ("Miller, Carol <carol.miller@contoso.com>", """See attached.

Kind regards
Carol

Carol Miller
Senior Account Executive
Contoso LLC
T +1 425 555 0100
F +1 425 555 0101
https://www.contoso.com/en/contact

CONFIDENTIALITY NOTICE: This e-mail is intended only for the addressee. Globex Ltd +1 425 555 9999""",
     {"company": "Contoso LLC", "phone": "+1 425 555 0100", "title": "Senior Account Executive",
      "website": "www.contoso.com"}),
    ("Dave Jones <dave.jones@gmail.com>", """Sounds good.

Cheers,
Dave""", {}),
    ("Dave Jones <dave.jones@gmail.com>", """Sounds good.

Cheers,
Dave Jones
Founder, Jones Carpentry
07700 900123
Mobile: 07700 900123
www.jonescarpentry.co.uk""",
     {"phone": "07700 900123", "title": "Founder", "website": "www.jonescarpentry.co.uk"}),
    ("Eve Adams <eve@initech.com>", """Please find the report below. We shipped 4,000 units to Globex Ltd on +3 days.

Thanks!

Eve Adams, PhD
Head of Research & Development
Initech Corporation
4120 Freidrich Ln., Austin, TX 78744
Direct: 512.555.0134 x 12""",
     {"company": "Initech Corporation", "phone": "512.555.0134",
      "title": "Head of Research & Development"}),
    ("Frank Ocean <f.ocean@harbor-freightage.com>", """Noted.

Regards,

Frank Ocean
Logistics Coordinator, Harbor Freightage Inc
Office +1 (310) 555-0112, Cell +1 (310) 555-0113""",
     {"company": "Harbor Freightage Inc", "phone": "+1 (310) 555-0112",
      "title": "Logistics Coordinator"}),
    ("Grace Lee <grace@lee-design.com>", """Hello!

Grace Lee
Designer
+65 6123 4567
lee-design.com""",
     {"phone": "+65 6123 4567", "title": "Designer", "website": "lee-design.com"}),
    ("Henry Ford <henry@fordparts.com>", """I spoke to Peter Brown, Sales Director at Globex Ltd, tel. +44 20 7946 0000.
He will call you.

Best,
Henry""", {}),
    ("Iris Wong <iris.wong@pacific.hk>", """Dear Sirs,

Invoice attached.

Yours sincerely,
Iris Wong (Ms)
Assistant Accountant
Pacific Trading Co., Ltd.
Tel: (852) 2345 6789  Fax: (852) 2345 6780""",
     {"company": "Pacific Trading Co., Ltd.", "phone": "(852) 2345 6789",
      "title": "Assistant Accountant"}),
    ("Jack Daniels <jack@spirits.ie>", """Sure.

Sent from my iPhone""", {}),
    ("Kim Basinger <kim@studio.com>", """Hi

Best regards

*Kim Basinger*
*Marketing Director*
*Studio Nine LLC*
*M:* +1 555 010 2233
*W:* www.studio.com
linkedin.com/in/kim""",
     {"company": "Studio Nine LLC", "phone": "+1 555 010 2233", "title": "Marketing Director",
      "website": "www.studio.com"}),
    ("info@bestdeals.com", """Buy now!
Call +1 800 555 0199
Best Deals Inc.
www.bestdeals.com""", {}),
    ("Laura Palmer <laura@twinpeaks.com>", """As discussed.

Many thanks,
Laura Palmer
Executive Assistant to Dale Cooper, Managing Director
Great Northern Hotel
+1 509 555 0142""",
     {"phone": "+1 509 555 0142",
      "title": "Executive Assistant to Dale Cooper, Managing Director"}),
    ("Mike Ross <mike@pearson.com>", """Forwarding.

Kind regards,
Louis Litt
Partner
Pearson Hardman LLP
+1 212 555 0177""", {}),
    ("Nina Simone <nina@musichall.org>", """Order 4711-0815-22 of 12.03.2026, customer no 12345678.

Sincerely,
Nina Simone
Box Office
12.03.2026
Account 12345678""", {}),
    ("Oscar Wilde <oscar@wilde.ie>", """All good

Oscar Wilde
oscar@wilde.ie
""", {}),
    ("Paula Deen <paula@kitchen.com>", """Ok!

Warm regards,
Paula Deen
Owner // The Kitchen
Phone 404-555-0161
instagram.com/paula""",
     {"phone": "404-555-0161", "title": "Owner", "company": "The Kitchen"}),
    ("Quentin Cook <quentin@cookandsons.com.au>", """Hi mate

Regards
Quentin Cook
Project Manager
Cook & Sons Pty Ltd
ABN 51 824 753 556
P 02 5550 1234
M 0491 570 156
E quentin@cookandsons.com.au""",
     {"company": "Cook & Sons Pty Ltd", "phone": "02 5550 1234", "title": "Project Manager"}),
    # -- German
    ("Anna Müller <a.mueller@holzbau-mueller.de>", """Sehr geehrte Damen und Herren,

bitte senden Sie uns ein Angebot.

Mit freundlichen Grüßen

Anna Müller
Leiterin Einkauf

Holzbau Müller GmbH & Co. KG
Hauptstraße 5 | 70173 Stuttgart
Telefon: +49 711 123456-0
Telefax: +49 711 123456-99
Mobil: 0171 1234567
www.holzbau-mueller.de

Sitz der Gesellschaft: Stuttgart, Amtsgericht Stuttgart HRA 12345
Geschäftsführer: Max Müller""",
     {"company": "Holzbau Müller GmbH & Co. KG", "phone": "+49 711 123456-0",
      "title": "Leiterin Einkauf", "website": "www.holzbau-mueller.de"}),
    ("Bernd Schmidt <schmidt@tischler-ag.ch>", """Guten Tag

Besten Dank.

Freundliche Grüsse
Bernd Schmidt
Projektleiter

Tischler AG, Bahnhofstrasse 1, 8001 Zürich
T +41 44 123 45 67, www.tischler-ag.ch""",
     {"company": "Tischler AG", "phone": "+41 44 123 45 67", "title": "Projektleiter",
      "website": "www.tischler-ag.ch"}),
    ("Claudia Weber <claudia.weber@web.de>", """Hallo,
geht klar.

LG
Claudia""", {}),
    ("Dr. Dieter Vogel <vogel@vogel-partner.de>", """Guten Tag,

i. A. der Mandantschaft.

Viele Grüße
Dr. Dieter Vogel
Geschäftsführer
Vogel & Partner mbH
Tel.: 030 / 123 45 67
Fax: 030 / 123 45 68
Steuernummer 12/345/67890""",
     {"company": "Vogel & Partner mbH", "phone": "030 / 123 45 67", "title": "Geschäftsführer"}),
    ("Erika Mustermann <erika@verein.de>", """Hallo zusammen,

anbei das Protokoll.

Beste Grüße
Erika Mustermann
Vorstand Sportfreunde e. V.
Handy 0151 23456789""",
     {"phone": "0151 23456789"}),
    ("Fritz Lang <f.lang@metropolis-film.de>", """ok

Mit freundlichen Grüßen / Best regards
Fritz Lang
- Vertriebsleiter Süd -
METROPOLIS Film GmbH
Fon +49 (0)89 1234-567""",
     {"company": "METROPOLIS Film GmbH", "phone": "+49 (0)89 1234-567",
      "title": "Vertriebsleiter Süd"}),
    ("Gerda Klein <klein@example-bau.de>", """Bitte melden Sie sich bei Herrn Groß (Tel. 0711 998877).
Er ist Geschäftsführer der Groß GmbH.

MfG
G. Klein""", {}),
    ("Hans Meier <hans.meier@meier-logistik.at>", """Servus,

passt.

Mit besten Grüßen
Ing. Hans Meier
Meier Logistik GesmbH
+43 1 2345678""",
     {"phone": "+43 1 2345678", "company": "Meier Logistik GesmbH"}),
    ("Jutta Berg <j.berg@bergbahn.de>", """Hallo,

Freundliche Grüße
Jutta Berg
Kundenberaterin
AG Traunstein HRB 5678
Durchwahl: 08651 7890-12""",
     {"phone": "08651 7890-12", "title": "Kundenberaterin"}),
    # -- French
    ("Alice Martin <alice.martin@dupont-meubles.fr>", """Bonjour,

Pouvez-vous nous envoyer un devis ?

Cordialement,

Alice Martin
Responsable des achats
Dupont Meubles SARL
12 rue de la Paix, 75002 Paris
Tél. : 01 23 45 67 89
Port. : 06 12 34 56 78
www.dupont-meubles.fr""",
     {"company": "Dupont Meubles SARL", "phone": "01 23 45 67 89",
      "title": "Responsable des achats", "website": "www.dupont-meubles.fr"}),
    ("Benoît LEROY <benoit.leroy@leroy-sas.fr>", """Bien reçu.

Bien cordialement,
Benoît LEROY
Directeur commercial
LEROY SAS
SAS au capital de 10 000 € - RCS Lyon 123 456 789
+33 (0)4 72 00 00 00""",
     {"company": "LEROY SAS", "phone": "+33 (0)4 72 00 00 00", "title": "Directeur commercial"}),
    ("Chloé Petit <chloe.petit@orange.fr>", """Bonjour, merci pour tout.

Chloé""", {}),
    ("Denis Moreau <d.moreau@mairie-x.fr>", """Madame, Monsieur,

Salutations distinguées

Denis Moreau
Chargé de mission
Standard : 04 00 00 00 00
Ce message et ses pièces jointes sont confidentiels. Société Machin SA 01 99 99 99 99""",
     {"phone": "04 00 00 00 00", "title": "Chargé de mission"}),
    ("Élodie Roux <elodie@roux-avocats.fr>", """Chère Madame,

Bien à vous,

Élodie Roux · Avocate
Mobile +33 6 11 22 33 44 · https://roux-avocats.fr""",
     {"phone": "+33 6 11 22 33 44", "website": "roux-avocats.fr"}),
    ("Florent Gagné <fgagne@acier-quebec.ca>", """Bonjour,

Merci,
Florent Gagné
Technicien principal
Acier Québec inc.
Bureau 418 555-0100 poste 231""",
     {"title": "Technicien principal", "company": "Acier Québec inc."}),
    # -- Russian
    ("Анна Петрова <petrova@mebel-dom.ru>", """Добрый день!

Пришлите, пожалуйста, счёт.

С уважением,
Анна Петрова
Менеджер по закупкам
ООО «Мебельный дом»
Тел.: +7 (495) 123-45-67, доб. 123
Моб.: 8 916 123-45-67
www.mebel-dom.ru""",
     {"company": "ООО «Мебельный дом»", "phone": "+7 (495) 123-45-67",
      "title": "Менеджер по закупкам", "website": "www.mebel-dom.ru"}),
    ("Борис Иванов <b.ivanov@mail.ru>", """Добрый день, согласен.

--
С уважением,
Борис Иванов
+7 921 000-00-00""",
     {"phone": "+7 921 000-00-00"}),
    ("Виктор Сидоров <sidorov@stroy-invest.ru>", """Коллеги,

акт во вложении.

С наилучшими пожеланиями,
Виктор Сидоров
Генеральный директор
АО "Строй-Инвест"
ИНН 7701234567, ОГРН 1027700123456
р/с 40702810900000001234
тел. 8 (812) 333-22-11""",
     {"company": 'АО "Строй-Инвест"', "phone": "8 (812) 333-22-11",
      "title": "Генеральный директор"}),
    ("Галина <galina@yandex.ru>", """Спасибо, получила.

С уважением, Галина""", {}),
    ("Дмитрий Козлов <dk@softline-it.ru>", """Здравствуйте!

---
Дмитрий Козлов | ведущий инженер | ООО Софтлайн-ИТ
+7 (343) 200-10-10 (доб. 55) | t.me/dkozlov""",
     {"company": "ООО Софтлайн-ИТ", "phone": "+7 (343) 200-10-10", "title": "ведущий инженер"}),
    ("Елена Смирнова <smirnova@zavod.ru>", """Передаю контакты подрядчика: Пётр Орлов, директор ООО «Вектор», тел. +7 999 111-22-33.

С уважением,
Елена""", {}),
    ("Жанна Орлова <zhanna@flowers-shop.ru>", """Добрый вечер.

С уважением,
Жанна Орлова,
директор магазина «Цветы»
Телефон: 8-800-555-35-35
Данное сообщение конфиденциально. ООО «Чужое», +7 999 000-00-00""",
     {"phone": "8-800-555-35-35", "title": "директор магазина «Цветы»"}),
    ("Игорь Волков <igor@volkov-consult.ru>", """ок

С уважением,
Игорь Волков
ИП Волков И.И.
сот. +7 905 555 44 33""",
     {"company": "ИП Волков И.И.", "phone": "+7 905 555 44 33"}),
    ("Катерина Белова <belova@agro.ru>", """Отправлено из мобильной Почты Mail""", {}),
    # -- quoted, ours, forwarded, hostile
    ("Rita Hayworth <rita@gilda.com>", """I got this from your colleague.

Best regards,
Rita Hayworth
Buyer
Company Support
support@company.example
+1 555 010 0000""", {}),
    ("Sam Spade <sam@spade.com>", """Yes.

Best regards,
Sam Spade
Brigid Wonderly
brigid@falcon.com
+1 415 555 0100""", {}),
    ("Tom Ripley <tom@ripley.com>", """ok
+49 170 1234567""", {}),
    ("Uma Peel <uma@peel.com>", """Agenda:
Best regards,
to the team from all of us at Globex Ltd who made +1 555 010 7777 calls""", {}),
    ("Vera Wang <vera@acme.com>", """Hello

Regards,
Vera Wang
Acme Ltd
Globex Inc
+1 212 555 0101""", {"phone": "+1 212 555 0101", "company": "Acme Ltd"}),
    ("ann.smith@oak-house.com", """Hi

Best regards,
Ann Smith
Oak House
+44 20 7946 0111""",
     {"name": "Ann Smith", "company": "Oak House", "phone": "+44 20 7946 0111"}),
    ("asmith@oak-house.com", """Hi

Kind regards,
Alan Smith
Consultant""", {"name": "Alan Smith", "title": "Consultant"}),
    ("office@oak-house.com", """Hi

Kind regards,
Alan Smith
Consultant
+44 20 7946 0222""", {}),
    ("Walt Kowalski <walt@grantorino.com>", """+1 313 555 0123 is the old number, do not use it.

Thank you,
Walt Kowalski
VAT: 123456789
IBAN DE89 3704 0044 0532 0130 00
Ref: 2026-000123""", {}),
]
