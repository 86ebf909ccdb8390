"""What comes in at sales@: requests for prices, resellers, tenders."""

from .documents import inline, pdf, photo, table, word
from .story import story

STORIES = (
    story(
        "club-more-desks",
        "sales",
        "dunagan",
        "Club Office More Desks",
        """We are very satisfied with the desks for our first floor. Now we would like to furnish
        the second floor too: 18 more desks, the same model, and if possible the same shade of
        wood.

        Could you send us an offer, with delivery to Lyon?""",
        """I am glad to hear that. The model is still in production, and we keep a sample of your
        delivery for the shade. The offer is attached.""",
        kind="quote",
        follow=5,
        item="desks",
        order="S00261",
        files={
            1: (
                pdf(
                    "S00261.pdf",
                    "YourCompany - Quotation S00261",
                    "18 x Desk 160 x 80 cm, 289.00 each",
                    "Delivery to Lyon: 240.00",
                    "Total: 5,442.00",
                ),
            )
        },
        starred=True,
    ),
    story(
        "kompany-25-desks",
        "sales",
        "miller",
        "Pricing for 25 desks",
        """I am interested in 25 desks for a new office that opens in three months. I need them in
        a plain design, with cable trays. What would be your best price?""",
        """Thank you for your request. For 25 pieces with cable trays I can offer 255 each,
        delivery and assembly included.""",
        dialogue=2,
        kind="quote",
        follow=3,
        item="desks with cable trays",
        order="S00262",
    ),
    story(
        "campbell-chairs",
        "sales",
        "campbell",
        "Campbell: Chairs for the showroom",
        """On your website I have seen the chairs with the wooden back. We would need 30 for our
        showroom, stackable. Are they strong enough for daily use?""",
        """They are tested for 100,000 loads and stack up to eight. For 30 pieces the price is 64
        each, on stock.""",
        dialogue=1,
        kind="quote",
        follow=3,
        item="stackable chairs",
        order="S00263",
        by="mitchell",
    ),
    story(
        "stonage-50-chairs",
        "sales",
        "helle",
        "Quotation for 50 Chairs",
        """Stonage IT is moving, and we take the opportunity to replace all our chairs. Please
        quote 50 ergonomic chairs with armrests, black, including removal of the packaging.

        Our requirements are in the attached document.""",
        """Thank you for the clear requirements. Two models meet them; I would recommend the
        second, because its seat depth can be adjusted. Both are in the offer.""",
        dialogue=3,
        kind="quote",
        follow=1,
        item="ergonomic chairs",
        order="S00264",
        files={
            0: (
                word(
                    "requirements.docx",
                    "Requirements for office chairs",
                    "Height adjustable from 42 to 53 cm, armrests, black fabric",
                    "Five years of warranty",
                ),
            )
        },
    ),
    story(
        "opensides-info",
        "sales",
        "tina",
        "Opensides: Need Info",
        """A friend recommended you. We are planning an open space for 40 people and look for
        somebody who plans and delivers from one source. Do you do this? Here is a first sketch
        of the floor.""",
        """Yes, this is what we like best. We start with a visit and a plan, which costs you
        nothing if you order. Would you like to meet?""",
        """Yes, with pleasure. We are there every day until 5, just come by on Thursday.""",
        """[later] Thank you for the warm welcome on Thursday. Here are the plan and our offer,
        with all 40 workplaces, the phone booths and the kitchen corner.""",
        dialogue=2,
        kind="quote",
        follow=5,
        item="open space furniture",
        order="S00266",
        files={
            0: (inline("plan", "sketch.png"),),
            3: (pdf("S00266.pdf", "Quotation S00266", "Open space, 40 workplaces"),),
        },
        also=("projects",),
    ),
    story(
        "product-catalog",
        "sales",
        "logan",
        "Product Catalog",
        """Please send me your current product catalogue with prices for resellers.""",
        """Here is the catalogue. The prices in it are recommended retail prices; resellers get 20
        % from the first order on. In which region do you sell?""",
        """Mostly in the north-west, to small offices. 20 % is fine. Do you deliver directly to my
        customers, in neutral packaging?""",
        """We do, from three pieces on. The delivery note then shows your company only.""",
        files={1: (pdf("catalogue.pdf", "YourCompany - Catalogue", "Desks, chairs, cabinets"),)},
        by="mitchell",
    ),
    story(
        "reseller-albert",
        "sales",
        "albert",
        "Reseller: Office furnitures",
        """Marketing Business would like to add office furniture to its range. We are looking for a
        manufacturer who can supply about 200 pieces a quarter. Are you interested in talking?""",
        """We are indeed. With this volume we can work with a frame contract. The attached table
        shows our prices by quantity.""",
        dialogue=2,
        kind="quote",
        follow=3,
        item="whole range",
        order="S00268",
        files={
            1: (
                table(
                    "prices.csv",
                    ("Article", "from 50", "from 100", "from 200"),
                    ("Desk 160", "262.00", "249.00", "235.00"),
                    ("Chair", "118.00", "110.00", "99.00"),
                ),
            )
        },
    ),
    story(
        "customizable-desk",
        "sales",
        "colleen",
        "Customizable Desk: round corners possible?",
        """For a kindergarten we need your customizable desk with round corners, 60 cm high. Is
        that possible, and what does it cost for six pieces?""",
        """Round corners are possible from a radius of 5 cm, and 60 cm is our lowest frame. It is
        310 each for six pieces.""",
        dialogue=1,
        kind="quote",
        follow=5,
        item="customizable desk",
        order="S00270",
    ),
    story(
        "twelve-tables",
        "sales",
        "mcencroe",
        "Quote for 12 Tables",
        """Our canteen needs 12 new tables for six people each. The top should stand hot dishes and
        kids with crayons. What do you recommend?""",
        """I recommend the laminate top, it takes both without complaint. 12 tables come to 2,760,
        delivered and set up.""",
        dialogue=3,
        kind="quote",
        follow=1,
        item="canteen tables",
        order="S00271",
    ),
    story(
        "delta-computer-desks",
        "sales",
        "martinez",
        "DeltaPC: 10 Computer Desks",
        """We need 10 desks for our computer lab, with a lockable box for the computer below the
        top. They have to be here before the courses begin.""",
        """We have the boxes on stock and can deliver the desks in three weeks. The offer with a
        drawing is attached.""",
        kind="quote",
        follow=4,
        item="computer desks",
        order="S00272",
        files={
            1: (photo("desk", "drawing.png"), pdf("S00272.pdf", "Quotation S00272", "10 desks"))
        },
        by="mitchell",
    ),
    story(
        "library-shelves",
        "sales",
        "sandra",
        "Shelves for our archive",
        """We have to store about 900 binders and have one room of 30 square metres. Which shelves
        would you take, and how many?""",
        """For 900 binders you need 75 metres of shelf. Twelve units of our archive series, two
        deep, leave enough space to walk. I have put them into an offer.""",
        dialogue=3,
        kind="quote",
        follow=3,
        item="archive shelves",
        order="S00198",
        ago=66,
    ),
    story(
        "novak-cafe",
        "sales",
        "novak",
        "Small round tables for a cafe",
        """I am opening a small cafe in Brno and I am looking for ten round tables, 60 cm, for two
        people each. I have little space and little money, but good coffee. What can you offer?""",
        """Good coffee is a good start. We have ten tables from an exhibition, with hardly visible
        traces of use, for 79 each instead of 129. A photo is attached.""",
        kind="quote",
        follow=4,
        item="round tables",
        order="S00275",
        files={1: (photo("desk", "exhibition.png"),)},
    ),
    story(
        "hughes-reception",
        "sales",
        "hughes",
        "Reception desk for a law firm",
        """Our firm needs a new reception desk, about 3.5 metres, with a lower part for visitors in
        a wheelchair. A classic look would suit our clients. Could you call me next week?""",
        """Gladly. Is Tuesday at ten all right? I will have our joiner with me, who has built
        several of this size.""",
        """Tuesday at ten is fine. Please use my direct line, it is in the signature.""",
        """[later] Thank you for the pleasant talk. As discussed, here is our proposal in
        walnut.""",
        dialogue=1,
        kind="quote",
        follow=1,
        item="reception desk",
        order="S00276",
        files={3: (pdf("proposal.pdf", "Reception desk, 3.5 m", "Walnut, lower part 74 cm"),)},
        starred=True,
    ),
    story(
        "lehmann-buero",
        "sales",
        "lehmann",
        "Anfrage: Einrichtung für 24 Arbeitsplätze",
        """für einen Bauherrn in München suchen wir die Einrichtung von 24 Arbeitsplätzen:
        höhenverstellbare Tische, Stühle und Rollcontainer. Die Aufstellung finden Sie im Anhang.

        Können Sie uns bis Ende nächster Woche ein Angebot machen?""",
        """vielen Dank für Ihre Anfrage. Das Angebot erhalten Sie anbei. Bei den Tischen habe ich
        zwei Varianten gerechnet, mit und ohne Memory-Schalter.""",
        kind="quote",
        follow=5,
        order="S00278",
        files={
            0: (
                table(
                    "Aufstellung.csv",
                    ("Artikel", "Stück"),
                    ("Tisch, höhenverstellbar", "24"),
                    ("Bürostuhl", "24"),
                    ("Rollcontainer", "24"),
                ),
            ),
            1: (pdf("Angebot-S00278.pdf", "Angebot S00278", "24 Arbeitsplätze"),),
        },
    ),
    story(
        "weiss-bibliothek",
        "sales",
        "weiss",
        "Lesetische für die Stadtbibliothek",
        """die Stadtbibliothek Neustadt möchte ihren Lesesaal mit acht Lesetischen ausstatten,
        jeweils mit Leuchte und Steckdose. Bitte nennen Sie uns Preis und Lieferzeit.""",
        """gerne. Acht Lesetische mit Leuchte und Steckdose kosten 4.720 Euro, die Lieferzeit
        beträgt fünf Wochen. Ein Datenblatt schicke ich Ihnen auf Wunsch zu.""",
        dialogue=1,
        kind="quote",
        follow=3,
        order="S00279",
        by="mitchell",
    ),
    story(
        "sokolova-opt",
        "sales",
        "sokolova",
        "Запрос цен: офисные кресла, 60 шт.",
        """Компания «Веста Интерьер» просит прислать коммерческое предложение на 60 офисных кресел
        с подлокотниками и регулировкой высоты. Доставка в Москву, оплата по безналичному расчёту.

        Список требований во вложении.""",
        """Благодарю за запрос. По вашим требованиям подходят две модели, обе есть в предложении.
        Срок поставки — три недели после заказа.""",
        kind="quote",
        follow=5,
        order="S00281",
        files={
            0: (
                word(
                    "Требования.docx",
                    "Требования к офисным креслам",
                    "Количество: 60 шт., цвет чёрный",
                    "Гарантия не менее трёх лет",
                ),
            )
        },
    ),
    story(
        "volkova-kofeinya",
        "sales",
        "volkova",
        "Барные стулья для кофейни",
        """Открываем вторую кофейню и ищем 12 барных стульев высотой 75 см, из дерева. Есть ли у
        вас что-нибудь подходящее и сколько это стоит?""",
        """Поздравляем с открытием! Есть модель из бука, 75 см, цена 82 евро за штуку. Двенадцать
        штук изготовим за четыре недели.""",
        dialogue=1,
        kind="quote",
        follow=1,
        order="S00282",
    ),
    story(
        "bojing-100-desks",
        "sales",
        "bojing",
        "100张办公桌询价",
        """我公司计划采购100张办公桌，尺寸 140 × 70 厘米，带走线孔。
        请提供报价、交货期以及付款方式。""",
        """感谢您的询价。报价单见附件，交货期六周，付款方式为预付 30%，发货前付清余款。""",
        kind="quote",
        follow=5,
        order="S00284",
        files={1: (pdf("S00284.pdf", "Quotation S00284", "100 x Desk 140 x 70 cm"),)},
    ),
    story(
        "wang-hezuo",
        "sales",
        "wang",
        "关于办公椅长期合作",
        """我们是上海的办公用品经销商，对贵公司的办公椅很感兴趣，希望建立长期合作关系。
        每季度预计采购量约为300把。能否发一份经销商价目表？""",
        """很高兴收到您的来信。经销商价目表见附件，季度采购量超过200把可享受最低一档价格。""",
        dialogue=1,
        kind="quote",
        follow=3,
        order="S00285",
        files={
            1: (table("价目表.csv", ("产品", "单价"), ("办公椅 A", "99"), ("办公椅 B", "128")),)
        },
        by="mitchell",
    ),
    story(
        "solar-desks",
        "sales",
        "garcia",
        "Desks for our new design team",
        """Solar IT is growing: seven designers start on the first of next month. They need large
        desks for two screens and a drawing board each. Do you have something on stock?""",
        order="S00287",
        ago=0.03,
    ),
)
