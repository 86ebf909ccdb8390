"""What comes in at support@: defects, deliveries, invoices."""

from .documents import inline, pdf, photo, table
from .story import story

STORIES = (
    story(
        "desk-drawers",
        "support",
        "brandon",
        "Drawers of the corner desk do not close",
        """We received eight corner desks last week and everybody is happy with them, except for
        one: the lower drawer sticks out by about two centimetres and cannot be locked. I attach
        a photo so that you can see it.

        As this desk belongs to our finance department, it should be possible to lock it. Can you
        help?""",
        """Thank you for the photo, it shows the problem very well. The runner on the right side
        is bent, probably during transport. We can send you a new pair of runners, or a
        technician if you prefer.""",
        kind="defect",
        follow=5,
        item="corner desk",
        order="S00214",
        files={0: (inline("desk", "IMG_2041.png"),)},
        starred=True,
    ),
    story(
        "chair-gas-lift",
        "support",
        "willie",
        "Office chair sinks while sitting on it",
        """One of the twelve chairs we bought from you in spring slowly sinks when somebody sits on
        it. After ten minutes our bookkeeper looks like a schoolboy at his desk. It was funny the
        first time.

        The order was S00187. Is this covered by the warranty?""",
        """I am sorry to hear that, though I had to smile. This is the gas lift, and of course it
        is covered: five years on all moving parts. Could you tell me the batch number on the label
        under the seat?""",
        dialogue=2,
        kind="defect",
        follow=1,
        item="office chair",
        order="S00187",
    ),
    story(
        "goods-not-delivered",
        "support",
        "oscar",
        "Problem with the delivery of goods",
        """Our order S00231 was announced for Monday, but nothing has arrived so far. The tracking
        page has said "in transit" for four days. Our customer is waiting for the cabinets and
        starts to get impatient.

        Please find out where they are.""",
        """I understand that this is unpleasant. I have asked the carrier where the pallet is and
        expect an answer within two hours. I will come back to you today in any case.""",
        kind="delivery",
        follow=5,
        item="cabinets",
        order="S00231",
        by="mitchell",
    ),
    story(
        "damaged-table-top",
        "support",
        "addison",
        "Damaged products: scratched table top",
        """When we unpacked the conference table (order S00240) we found deep scratches across the
        whole top. The box was intact, so it must have happened before packing. Two photos are
        attached.

        We have an important meeting in two weeks and would like to have a proper table by
        then.""",
        """Thank you for the photos, and please accept our apologies. This should never have passed
        our final inspection. You get a new top; the frame can stay where it is.""",
        kind="defect",
        follow=3,
        item="table top",
        order="S00240",
        files={0: (photo("scratch", "top-left.png"), photo("parcel", "box.png"))},
        by="mitchell",
    ),
    story(
        "missing-parts",
        "support",
        "ron",
        "Some products missing in our delivery",
        """The driver has just left. According to the delivery note we should have got ten shelves
        and forty brackets, but there are only thirty brackets in the box. See the list
        attached.""",
        """Thank you for counting straight away. I have asked the warehouse to check its stock, as
        the difference should show up there. Which delivery note number do you have?""",
        dialogue=1,
        kind="delivery",
        follow=4,
        item="brackets",
        order="S00226",
        files={
            0: (
                table(
                    "received.csv",
                    ("Article", "Ordered", "Received"),
                    ("Shelf 80 cm", "10", "10"),
                    ("Bracket", "40", "30"),
                ),
            )
        },
    ),
    story(
        "invoice-vat",
        "support",
        "julie",
        "Wrong company name on invoice INV/0113",
        """The invoice INV/0113 is made out to "Ready Mats", our company is called "Ready Mat",
        without the s. Our tax adviser insists on a correction. I attach the invoice.""",
        """You are right, that was a typing mistake of ours. I will have it corrected. Is there
        anything else that should be changed before we print it again?""",
        kind="invoice",
        follow=1,
        item="difference",
        order="S00209",
        files={
            0: (
                pdf(
                    "INV-0113.pdf",
                    "YourCompany - Invoice INV/0113",
                    "Ready Mats, 7500 W Linne Road, Tracy",
                    "10 x Floor protection mat, 45.00 each",
                    "Total: 450.00",
                ),
            )
        },
    ),
    story(
        "double-payment",
        "support",
        "gordon",
        "We paid invoice INV/0098 twice",
        """While preparing our quarterly figures I noticed that we have paid INV/0098 twice, on the
        3rd and again on the 17th. Could you please check on your side and tell us how to get
        the second amount back?""",
        """I can confirm both payments. We can transfer the second one back within three days, or
        keep it as a credit for your next order. What do you prefer?""",
        dialogue=1,
        kind="invoice",
        follow=5,
        item="overpaid amount",
        order="0098",
        by="mitchell",
    ),
    story(
        "door-hinge",
        "support",
        "gordon",
        "Product quality: cabinet doors hang at an angle",
        """Three of the six cabinets installed in our meeting area have doors that hang at an
        angle. We adjusted the hinges twice, but after some days they are off again. For the price
        we paid we expected better.""",
        """You are right to expect better. The hinges of this series have a clip that has to be
        pushed in after the adjustment; a short instruction is on our website. If they still
        slip afterwards, we replace them all.""",
        """We followed the instruction and checked again today: two doors hold, the third one has
        slipped already.""",
        """Then that hinge is worn. I suggest we do not experiment any longer and replace the
        hinges of all three doors.""",
        dialogue=1,
        kind="defect",
        follow=3,
        item="cabinet",
        order="S00173",
        cc=("toni",),
    ),
    story(
        "portal-documents",
        "support",
        "lorraine",
        "Document related problem: delivery notes in the portal",
        """In the customer portal I only see delivery notes of this year. We need those of last
        autumn for an audit. Have they been deleted?""",
        """They have not been deleted, but archived. I can send them to you as PDF files. Do you
        need all of them, or only those of certain orders?""",
        """All from September to November, please. That should be five or six.""",
        """There were six; here they are in one file.""",
        """Perfect, the auditor is happy. Thank you!""",
        files={3: (pdf("delivery-notes.pdf", "Delivery notes, September to November", "6 pages"),)},
        order="S00102",
    ),
    story(
        "old-lamp",
        "support",
        "floyd",
        "Spare bulb for the desk lamp",
        """Our desk lamps (bought from you about three years ago) need new bulbs and the shop
        around the corner does not have them. Do you sell them separately?""",
        """We do, in packs of four. They are LED now and fit the old socket. Shall I put two packs
        aside for you?""",
        """Yes please, two packs. You can bill them together with the chairs.""",
        """Done. They are in the same delivery as the chairs.""",
        ago=74,
        item="desk lamp",
    ),
    story(
        "harbour-wobble",
        "support",
        "obrien",
        "Standing desks wobble at full height",
        """We run a coworking space and took over 14 of your standing desks from the previous
        tenant. At full height they wobble so much that the screens shake. Is there something we
        can do, although we did not buy them from you directly?""",
        """Welcome! It does not matter who bought them. In nine cases out of ten a cross bar was
        left out during assembly. Could you send me a photo from below?""",
        """You were right: there is no cross bar on any of them. Photo attached. Can we buy 14 of
        them?""",
        """Of course. They are 19 each including screws, and I can send them as one parcel.""",
        dialogue=2,
        kind="delivery",
        follow=4,
        item="cross bars",
        order="S00252",
        files={2: (photo("desk", "from-below.png"),)},
    ),
    story(
        "patel-castors",
        "support",
        "patel",
        "Castors for hard floors?",
        """I bought six treatment stools from a dealer in London. The castors leave black marks on
        our new vinyl floor. Are there softer ones?""",
        """There are: the soft castors have a grey ring and suit vinyl and parquet. A set of five
        is 24. Shall I send six sets?""",
        """Six sets, please. Our address is 14 Mill Lane, London, first floor.""",
        """Thank you for the order. The castors leave our warehouse today.""",
        dialogue=2,
        kind="delivery",
        follow=1,
        item="castors",
        order="S00255",
        by="mitchell",
    ),
    story(
        "krueger-stuhl",
        "support",
        "krueger",
        "Defekter Rollhocker in unserer Praxis",
        """bei einem der vier Rollhocker, die wir im Mai bei Ihnen gekauft haben, ist eine Rolle
        abgebrochen. Ein Foto habe ich angehängt. Da der Hocker im Behandlungszimmer täglich
        gebraucht wird, wären wir für eine schnelle Lösung dankbar.""",
        """vielen Dank für das Foto. Der Bruch ist eindeutig ein Materialfehler, selbstverständlich
        bekommen Sie kostenlos Ersatz. Ist nur diese eine Rolle betroffen?""",
        kind="defect",
        follow=4,
        order="S00219",
        files={0: (photo("chair", "hocker.png"),)},
    ),
    story(
        "openwood-lieferung",
        "support",
        "openwood",
        "Lieferung unvollständig: Beschläge fehlen",
        """heute sind die Regalböden angekommen, leider ohne die Beschläge. Ohne diese können wir
        nicht montieren. Bitte teilen Sie uns mit, wann sie nachgeliefert werden.""",
        """das tut mir leid. Die Beschläge wurden versehentlich getrennt verpackt. Ich kläre mit
        dem Lager, wo das Paket geblieben ist, und melde mich heute noch.""",
        """vielen Dank. Es eilt ein wenig, unsere Monteure sind nur noch bis Freitag hier.""",
        """das Paket ist gefunden und geht per Express zu Ihnen; morgen vor 12 Uhr ist es da.""",
        """das Paket ist heute angekommen, alles vollständig. Herzlichen Dank!""",
        order="S00237",
        by="mitchell",
    ),
    story(
        "morozov-svetilnik",
        "support",
        "morozov",
        "Не работает светильник над рабочим столом",
        """Из двадцати светильников, которые мы получили на прошлой неделе, один не включается.
        Проводку проверили, питание есть. Фото этикетки и светильника прилагаю.

        Подскажите, пожалуйста, как оформить замену по гарантии.""",
        """Спасибо за фото. Похоже, неисправен блок питания, он меняется отдельно. Оформлять ничего
        не нужно, гарантию подтверждаем. Скажите, пожалуйста, остальные светильники работают?""",
        kind="defect",
        follow=3,
        order="S00228",
        files={0: (photo("lamp", "светильник.png"),)},
    ),
    story(
        "lightsup-upakovka",
        "support",
        "lightsup",
        "Повреждена упаковка, заказ S00243",
        """Сегодня привезли заказ S00243. Две коробки из десяти помяты, одна столешница
        поцарапана. Акт с водителем составили, фотографии во вложении. Что нам делать дальше?""",
        """Приносим извинения. Вы всё сделали правильно: акта и фотографий достаточно. Столешницу
        мы заменим. Есть ли повреждения внутри второй коробки?""",
        kind="defect",
        follow=4,
        order="S00243",
        files={0: (photo("parcel", "коробка.png"), photo("scratch", "столешница.png"))},
    ),
    story(
        "liu-sofa",
        "support",
        "liu",
        "大堂沙发扶手松动",
        """我们酒店大堂上个月安装的沙发，其中一张的扶手已经松动。照片见附件。
        大堂客人很多，希望尽快处理。请问保修期内如何维修？""",
        """感谢您的来信。从照片看是固定螺栓的问题，属于保修范围，不收取任何费用。
        请问其他沙发是否正常？""",
        kind="defect",
        follow=1,
        order="S00221",
        files={0: (photo("scratch", "沙发.png"),)},
        by="mitchell",
    ),
    story(
        "too-many-chairs",
        "support",
        "sandra",
        "Two chairs too many in today's delivery",
        """Something unusual: your driver left 14 chairs, and we ordered 12. As we are honest
        people I would like to know what to do with the other two. Keep them, send them back, or
        buy them at a friendly price?""",
        order="S00258",
        ago=0.006,
    ),
)
