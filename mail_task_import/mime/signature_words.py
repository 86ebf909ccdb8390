"""Words by which the lines of a signature are known, in English, German, French and Russian.

What is missing here costs a field that a person fills in; what is here too much costs a wrong one.
"""

import re

from .spelling import folded


def _words(text):
    return "|".join(map(re.escape, sorted(text.split(), key=len, reverse=True)))


_FAREWELLS = (
    "best regards", "kind regards", "warm regards", "warmest regards", "regards", "with regards",
    "many thanks", "thanks", "thanks and regards", "thanks & regards", "thank you", "best",
    "best wishes", "all the best", "sincerely", "yours sincerely", "sincerely yours",
    "yours faithfully", "yours truly", "respectfully", "cheers", "cordially",
    "mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß",
    "mit besten grüßen", "freundliche grüße", "freundliche grüsse", "viele grüße", "beste grüße",
    "herzliche grüße", "liebe grüße", "schöne grüße", "mfg", "lg", "vg",
    "mit freundlichen grüßen / best regards",
    "cordialement", "bien cordialement", "très cordialement", "bien à vous", "salutations",
    "meilleures salutations", "sincères salutations", "amicalement", "respectueusement",
    "salutations distinguées", "merci", "merci d'avance",
    "с уважением", "с наилучшими пожеланиями", "с наилучшими", "всего доброго", "всего наилучшего",
    "с благодарностью", "спасибо", "заранее спасибо", "хорошего дня", "искренне ваш",
    "с уважением к вам", "благодарю",
)  # fmt: skip
FAREWELL = re.compile(
    rf"(?:{'|'.join(re.escape(folded(o)) for o in sorted(_FAREWELLS, key=len, reverse=True))})"
    r"\s{0,3}[,.!;]?\s{0,3}",
)
"""A whole line, folded."""

TITLE = re.compile(
    r"(?<!\w)(?:"
    + _words(
        "manager director engineer ceo cto cfo coo cio vp head assistant consultant officer "
        "executive analyst developer accountant lawyer attorney president founder co-founder owner "
        "designer specialist coordinator buyer administrator representative supervisor architect "
        "advisor adviser technician secretary controller receptionist planner recruiter "
        "geschäftsführer geschäftsführerin leiter leiterin vertriebsleiter vertriebsleiterin "
        "einkaufsleiter einkäufer einkäuferin assistentin sachbearbeiter sachbearbeiterin berater "
        "beraterin ingenieur ingenieurin buchhalter buchhalterin prokurist prokuristin referent "
        "referentin inhaber inhaberin projektleiter projektleiterin teamleiter teamleiterin "
        "abteilungsleiter abteilungsleiterin vorstand entwickler entwicklerin kundenberater "
        "kundenberaterin disponent disponentin "
        "directeur directrice responsable gérant gérante chef cheffe ingénieur ingénieure "
        "assistante comptable commercial commerciale conseiller conseillère acheteur acheteuse "
        "président présidente chargé chargée technicien technicienne gestionnaire "
        "директор менеджер инженер бухгалтер руководитель начальник специалист юрист экономист "
        "заместитель секретарь ассистент консультант разработчик владелец основатель закупщик "
        "аналитик администратор программист маркетолог логист председатель"
    )
    + r")(?!\w)",
)
"""In small letters; hyphens and adjectives around it are the title's."""

LEGAL_END = re.compile(
    r"(?:^|\s)(?:GmbH|GesmbH|Ges\.m\.b\.H\.|GmbH & Co\. ?KGa?A?|mbH|AG|KG|OHG|UG"
    r"|UG \(haftungsbeschränkt\)|e\. ?K\.|e\. ?V\.|eG"
    r"|Ltd\.?|LTD\.?|Limited|LLC|L\.L\.C\.|LLP|[Ii]nc\.?|INC\.?|Incorporated|Corp\.?|Corporation"
    r"|PLC|plc|Pty\.? Ltd\.?|Co\.,? Ltd\.?|SARL|S\.A\.R\.L\.|SAS|S\.A\.S\.|SASU|EURL|SA|S\.A\."
    r"|BV|B\.V\.|NV|N\.V\.|Oy|ApS|A/S|S\.r\.l\.|SRL|S\.p\.A\.|SpA|Sp\. z o\.o\.|s\.r\.o\.|S\.L\."
    r"|d\.o\.o\.)$"
)
LEGAL_START = re.compile(
    r"(?:ООО|АО|ПАО|ЗАО|ОАО|НАО|ИП|ТОО|ЧП|ГК|ТД|АНО|ФГУП|ГУП|МУП|НПО|НПП|OOO)\s+\S"
)
COMMA = re.compile(r",\s{1,3}(?!(?:Inc|inc|Ltd|LLC|LLP|Corp|GmbH|S\.A)\b)")
"""One that does not stand before a legal form."""

PHONE_LABEL = re.compile(
    r"(?:"
    + _words(
        "telephone phone tel mobile mob cell cellphone direct office desk work t m p o d c "
        "telefon fon mobil mobiltelefon handy durchwahl büro zentrale "
        "téléphone tél tel portable port mobile gsm standard "
        "телефон тел моб мобильный сот сотовый раб рабочий т м"
    )
    + r")(?:\s{0,2}[./]\s{0,2}(?:"
    + _words("mob mobile fon whatsapp viber telegram telefon моб раб факс")
    + r"))?"
    r"\s{0,2}(?:\.\s{0,2}:?|:|\)|\s)\s{0,3}",
    re.IGNORECASE,
)
PHONE = re.compile(
    r"(?P<number>\+?[\s(]{0,2}\d[\d\s()./\u00a0\u2011\u2013-]{5,28}\d)"
    r"(?:[\s,;(]{0,3}(?:ext|x|доб|вн|poste|dw)\.?[\s:]{0,2}\d{1,6}\)?)?"
    r"(?:\s{0,2}\([^\d()]{0,20}\))?\s{0,2}[,;.]?",
    re.IGNORECASE,
)
"""What is left of a line behind its label."""

DISCLAIMER = re.compile(
    r"confidential|privileged|intended (?:solely|only|for)|disclaimer|unsubscribe|think before"
    r"|consider the environment|scanned (?:for|by)|virus|antivir|registered (?:in|office)"
    r"|vertraulich|bestimmt(?:en)? empfänger|registergericht|amtsgericht|handelsregister"
    r"|umsatzsteuer|steuernummer|ust-?id|sitz der gesellschaft|datenschutz|denken sie an die umwelt"
    r"|confidentiel|destinataire|ce message|cet e-?mail|pensez à l'environnement|imprimer ce"
    r"|конфиденциал|предназначен|данное сообщение|настоящее сообщение|это сообщение"
    r"|проверено на вирус|защита от вирусов|avast|sent from my|get outlook|von meinem"
    r"|envoyé de mon|отправлено с|отправлено из|this (?:e-?mail|message)|diese e-?mail",
)
"""In small letters: what programs and lawyers write below a signature."""

NOT_THEIR_SITES = frozenset(
    str.split(
        "linkedin.com facebook.com fb.com twitter.com x.com instagram.com t.me telegram.me "
        "youtube.com youtu.be xing.com vk.com ok.ru calendly.com zoom.us teams.microsoft.com "
        "google.com goo.gl maps.app.goo.gl bit.ly aka.ms wa.me whatsapp.com github.com avast.com "
        "hubspot.com mailtrack.io tiktok.com pinterest.com medium.com trustpilot.com yandex.ru "
        "2gis.ru rutube.ru dzen.ru office.com outlook.com microsoft.com apple.com"
    )
)
