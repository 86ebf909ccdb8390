"""Who writes: the customers and leads of Odoo's demo data, strangers, and our two employees.

Names and addresses of customers and leads are those of Odoo's demo data, so that their mail is
linked to records that are there. Nobody in the database knows the strangers.
"""

from dataclasses import dataclass, field

DOMAIN = "yourcompany.example"
PASSWORD = "demo"


@dataclass(frozen=True)
class Person:
    """A correspondent; ``called`` is how a letter in their language addresses them."""

    name: str
    email: str
    company: str = ""
    role: str = ""
    phone: str = ""
    language: str = "en"
    called: str = ""
    charset: str = "utf-8"
    html: bool = False
    zone: int = -5  # hours east of UTC
    known: bool = True

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]


@dataclass(frozen=True)
class Mailbox:
    """One mailbox of the demo company; ``owner`` is the login of a personal one's user in Odoo."""

    kind: str  # "group" or "personal"
    address: str
    name: str
    password: str = PASSWORD
    owner: str = ""
    protocol: str = "imap"


@dataclass(frozen=True)
class Employee(Person):
    """Called otherwise in each language, for they answer in all of them."""

    names: dict[str, str] = field(default_factory=dict, hash=False)


MAILBOXES = {
    "support": Mailbox("group", f"support@{DOMAIN}", "YourCompany Support"),
    "sales": Mailbox("group", f"sales@{DOMAIN}", "YourCompany Sales"),
    "projects": Mailbox("group", f"projects@{DOMAIN}", "YourCompany Projects"),
    "invoices": Mailbox("group", f"invoices@{DOMAIN}", "YourCompany Invoices", protocol="pop"),
    "mitchell": Mailbox("personal", f"mitchell.admin@{DOMAIN}", "Mitchell Admin", owner="admin"),
    "marc": Mailbox("personal", f"marc.demo@{DOMAIN}", "Marc Demo", owner="demo"),
}

EMPLOYEES = {
    "mitchell": Employee(
        name="Mitchell Admin",
        email=MAILBOXES["mitchell"].address,
        company="YourCompany",
        role="Head of Customer Care",
        phone="+1 555-555-5555",
        html=True,
        zone=1,
        called="Mitchell",
        names={"en": "Mitchell", "de": "Herr Admin", "ru": "Митчелл", "zh": "Mitchell"},
    ),
    "marc": Employee(
        name="Marc Demo",
        email=MAILBOXES["marc"].address,
        company="YourCompany",
        role="Account Manager",
        phone="+1 441-695-2334",
        html=True,
        zone=1,
        called="Marc",
        names={"en": "Marc", "de": "Herr Demo", "ru": "Марк", "zh": "Marc"},
    ),
}


def _customer(name: str, email: str, company: str, role: str, phone: str, **more) -> Person:
    return Person(name, f"{email}@example.com", company, role, phone, **_called(name, more))


def _lead(name: str, email: str, company: str, **more) -> Person:
    return Person(name, email, company, **_called(name, more))


def _stranger(name: str, email: str, company: str, role: str, phone: str, **more) -> Person:
    return Person(name, email, company, role, phone, known=False, **_called(name, more))


def _called(name: str, more: dict) -> dict:
    return {"called": name.split()[0], **more}


DE = {"language": "de", "zone": 1}
RU = {"language": "ru", "zone": 3}
ZH = {"language": "zh", "zone": 8}

CUSTOMERS = {
    "brandon": _customer(
        "Brandon Freeman",
        "brandon.freeman55",
        "Azure Interior",
        "Creative Director",
        "(355)-687-3262",
        html=True,
    ),
    "nicole": _customer(
        "Nicole Ford", "nicole.ford75", "Azure Interior", "Director", "(946)-638-6034"
    ),
    "colleen": _customer(
        "Colleen Diaz",
        "colleen.diaz83",
        "Azure Interior",
        "Business Executive",
        "(255)-595-8393",
        html=True,
    ),
    "willie": _customer(
        "Willie Burke", "willie.burke80", "Wood Corner", "Service Manager", "(846)-523-2111"
    ),
    "ron": _customer(
        "Ron Gibson", "ron.gibson76", "Wood Corner", "Store Manager", "(976)-397-4091"
    ),
    "tom": _customer(
        "Tom Ruiz", "tom.ruiz89", "Wood Corner", "Software Developer", "(102)-834-1602"
    ),
    "douglas": _customer(
        "Douglas Fletcher",
        "douglas.fletcher51",
        "Acme Corporation",
        "Functional Consultant",
        "(132)-553-7242",
        html=True,
    ),
    "floyd": _customer(
        "Floyd Steward", "floyd.steward34", "Acme Corporation", "Analyst", "(145)-138-3401"
    ),
    "addison": _customer(
        "Addison Olson",
        "addison.olson28",
        "Acme Corporation",
        "Sales Representative",
        "(223)-399-7637",
    ),
    "edwin": _customer(
        "Edwin Hansen",
        "edwin.hansen58",
        "Gemini Furniture",
        "Marketing Manager",
        "(943)-352-2555",
        html=True,
    ),
    "jesse": _customer(
        "Jesse Brown",
        "jesse.brown74",
        "Gemini Furniture",
        "Senior Consultant",
        "(829)-386-3277",
    ),
    "soham": _customer(
        "Soham Palmer", "soham.palmer15", "Gemini Furniture", "Director", "(379)-167-2040"
    ),
    "oscar": _customer(
        "Oscar Morgan", "oscar.morgan11", "Gemini Furniture", "Order Clerk", "(561)-239-1744"
    ),
    "billy": _customer(
        "Billy Fox", "billy.fox45", "Ready Mat", "Production Supervisor", "(915)-498-5611"
    ),
    "kim": _customer(
        "Kim Snyder", "kim.snyder96", "Ready Mat", "Senior Associate", "(215)-379-4865", html=True
    ),
    "sandra": _customer(
        "Sandra Neal", "sandra.neal80", "Ready Mat", "Sales Manager", "(430)-371-7293"
    ),
    "julie": _customer(
        "Julie Richards", "julie.richards84", "Ready Mat", "Financial Manager", "(225)-148-7811"
    ),
    "theodore": _customer(
        "Theodore Gardner",
        "theodore.gardner36",
        "Ready Mat",
        "System Analyst",
        "(186)-612-6561",
    ),
    "toni": _customer(
        "Toni Rhodes",
        "toni.rhodes11",
        "The Jackson Group",
        "Managing Partner",
        "(198)-539-4948",
        html=True,
    ),
    "gordon": _customer(
        "Gordon Owens",
        "gordon.owens47",
        "The Jackson Group",
        "Senior Consultant",
        "(336)-723-6569",
    ),
    "lorraine": _customer(
        "Lorraine Douglas",
        "lorraine.douglas35",
        "Lumber Inc",
        "Functional Consultant",
        "(443)-648-9155",
    ),
    "joel": _customer(
        "Joel Willis", "joel.willis63", "", "Office Design project", "(683)-556-5104", html=True
    ),
    "openwood": _customer(
        "Josianne Keller (OpenWood)",
        "wow",
        "OpenWood",
        "Einkauf",
        "+352 123 456 789",
        called="Frau Keller",
        **DE,
    ),
    "lightsup": _customer(
        "Ирина Петрова (LightsUp)",
        "lightsup",
        "LightsUp",
        "менеджер по закупкам",
        "+372 123 1234",
        language="ru",
        zone=2,
        called="Ирина",
    ),
}

LEADS = {
    "dunagan": _lead("Jacques Dunagan", "jdunagan@leclub.example.com", "Le Club SARL", zone=1),
    "miller": _lead("John Miller", "contact@thekompany.example.com", "The Kompany"),
    "campbell": _lead("Henry Campbell", "hmc@yahoo.example.com", "Burstein Applebee"),
    "helle": _lead("Carrie Helle", "helle@stonageit.example.com", "Stonage IT", html=True),
    "tina": _lead("Tina Pinero", "tina@opensides.example.com", "Opensides", html=True),
    "logan": _lead("Logan", "logan_expert@gmail.example.com", "ESM Expert"),
    "albert": _lead(
        "Delisle Albert",
        "d.albert@marketing-business.example.com",
        "Marketing Business",
        called="Albert",
        zone=1,
    ),
    "garcia": _lead("Jose Garcia", "jga@solar.example.com", "Solar IT", zone=1),
    "bojing": _lead(
        "胡博京 (Bojing Hú)",
        "bhu.a100@ic.example.com",
        "Incom Corporation",
        called="胡先生",
        **ZH,
    ),
    "mcencroe": _lead("Will McEncroe", "willmac@rediffmail.example.com", "Rediff Mail"),
    "martinez": _lead("Leland Martinez", "info@deltapc.example.com", "Delta PC"),
}

STRANGERS = {
    "krueger": _stranger(
        "Sabine Krüger",
        "s.krueger@praxis-am-park.example",
        "Praxis am Park",
        "Praxisleitung",
        "+49 30 5550 142",
        called="Frau Krüger",
        charset="iso-8859-1",
        **DE,
    ),
    "lehmann": _stranger(
        "Thomas Lehmann",
        "lehmann@lehmann-architekten.example",
        "Lehmann Architekten GmbH",
        "Geschäftsführer",
        "+49 89 5550 77",
        called="Herr Lehmann",
        html=True,
        **DE,
    ),
    "weiss": _stranger(
        "Ulrike Weiß",
        "u.weiss@stadtbibliothek.example",
        "Stadtbibliothek Neustadt",
        "Beschaffung",
        "+49 6321 5550 18",
        called="Frau Weiß",
        **DE,
    ),
    "brandt": _stranger(
        "Jörg Brandt",
        "joerg.brandt@spedition-brandt.example",
        "Spedition Brandt",
        "Disposition",
        "+49 40 5550 360",
        called="Herr Brandt",
        **DE,
    ),
    "sokolova": _stranger(
        "Ольга Соколова",
        "o.sokolova@vesta-interior.example",
        "Веста Интерьер",
        "руководитель отдела закупок",
        "+7 495 555-01-42",
        called="Ольга",
        html=True,
        **RU,
    ),
    "morozov": _stranger(
        "Дмитрий Морозов",
        "d.morozov@sever-stroy.example",
        "СеверСтрой",
        "главный инженер",
        "+7 812 555-02-17",
        called="Дмитрий",
        charset="windows-1251",
        **RU,
    ),
    "kuznetsov": _stranger(
        "Алексей Кузнецов",
        "kuznetsov@shkola-12.example",
        "Школа № 12",
        "заместитель директора",
        "+7 343 555-03-90",
        called="Алексей Викторович",
        **RU,
    ),
    "volkova": _stranger(
        "Марина Волкова",
        "m.volkova@kofeinya.example",
        "Кофейня «Утро»",
        "владелица",
        "+7 903 555-04-11",
        called="Марина",
        **RU,
    ),
    "wang": _stranger(
        "王丽",
        "wang.li@huadong-office.example",
        "华东办公用品有限公司",
        "采购经理",
        "+86 21 5550 1688",
        called="王经理",
        html=True,
        **ZH,
    ),
    "chen": _stranger(
        "陈志强",
        "chen.zhiqiang@mingda.example",
        "明达设计",
        "项目负责人",
        "+86 755 5550 2299",
        called="陈先生",
        charset="gb18030",
        **ZH,
    ),
    "liu": _stranger(
        "刘芳",
        "liufang@xinyue-hotel.example",
        "新悦酒店",
        "行政主管",
        "+86 571 5550 3020",
        called="刘女士",
        **ZH,
    ),
    "obrien": _stranger(
        "Maeve O'Brien",
        "maeve@harbourcowork.example",
        "Harbour Coworking",
        "Community Manager",
        "+353 1 555 0148",
        html=True,
        zone=0,
    ),
    "patel": _stranger(
        "Anika Patel",
        "anika.patel@brightclinic.example",
        "Bright Dental Clinic",
        "Practice Manager",
        "+44 20 5550 0177",
        zone=0,
    ),
    "novak": _stranger(
        "Petr Novák",
        "novak@kavarna-novak.example",
        "Kavárna Novák",
        "owner",
        "+420 555 010 224",
        zone=1,
    ),
    "hughes": _stranger(
        "Gwen Hughes",
        "gwen.hughes@hughes-legal.example",
        "Hughes & Partners",
        "Office Manager",
        "+44 29 5550 0162",
        html=True,
        zone=0,
    ),
    "silva": _stranger(
        "Rita Silva",
        "rita@studiosilva.example",
        "Studio Silva",
        "Interior Designer",
        "+351 21 555 0133",
        html=True,
        zone=0,
    ),
}

PEOPLE: dict[str, Person] = {**EMPLOYEES, **CUSTOMERS, **LEADS, **STRANGERS}


def address_of(key: str) -> tuple[str, str]:
    """:returns: name and address of a mailbox or of a person"""
    if key in MAILBOXES:
        return MAILBOXES[key].name, MAILBOXES[key].address
    return PEOPLE[key].name, PEOPLE[key].email
