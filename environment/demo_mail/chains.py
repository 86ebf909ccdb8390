"""How threads go on after our first answer, in each language. What is here fits any story.

A text that begins with ``[later]`` is written when the promised day has come.
"""

from . import chains_en

GERMAN = {
    "defect": (
        (
            """vielen Dank für die schnelle Antwort. Betroffen ist nur dieses eine Stück, der Rest
            der Lieferung {order} ist in Ordnung. Wann können wir mit dem Ersatzteil rechnen?""",
            """das Ersatzteil ist auf Lager. Es geht morgen in den Versand und sollte am {day} bei
            Ihnen sein. Werkzeug brauchen Sie dafür keines.""",
            """[later] das Teil ist angekommen und passt. Vielen Dank für die schnelle Hilfe!""",
            """das freut uns sehr. Wir schließen die Anfrage damit ab. Sollte noch etwas sein,
            antworten Sie einfach auf diese E-Mail.""",
        ),
    ),
    "quote": (
        (
            """vielen Dank für Ihr Angebot {order}. Der Preis liegt etwas über unserem Budget. Gibt
            es einen Nachlass, wenn wir alles auf einmal abnehmen?""",
            """bei Abnahme in einer Lieferung kann ich Ihnen 6 % Nachlass auf die Gesamtsumme geben.
            Das Angebot gilt bis zum {later}.""",
            """das klingt fair. Ich stelle es am {day} der Geschäftsleitung vor und melde mich
            danach.""",
            """sehr gerne. Den Produktionstermin halte ich Ihnen bis dahin unverbindlich frei.""",
            """[later] die Geschäftsleitung hat zugestimmt. Bitte betrachten Sie diese E-Mail als
            unsere Bestellung; das unterschriebene Formular folgt per Post.""",
        ),
        (
            """könnten Sie uns vorab Muster der Oberflächen schicken? Und ist alles auch in
            Hellgrau lieferbar?""",
            """Hellgrau ist zum selben Preis lieferbar. Die Muster gehen heute auf die Reise und
            sind am {day} bei Ihnen.""",
            """[later] die Muster sind da, wir haben uns für Eiche hell entschieden. Bitte passen
            Sie das Angebot {order} entsprechend an.""",
            """das geänderte Angebot ist unterwegs. Die Lieferzeit beträgt vier Wochen ab
            Bestellung.""",
        ),
    ),
    "project": (
        (
            """vielen Dank für die Zusammenfassung. Mit allem einverstanden, nur der Termin ist zu
            früh: Der Elektriker braucht noch zwei Tage.""",
            """kein Problem, die Montage ist jetzt am {later}. Sonst ändert sich am Plan nichts.""",
            """sehr gut. Wer kommt an dem Tag? Wir müssen alle beim Pförtner anmelden.""",
            """zwei Schreiner und ich. Die Namen bekommen Sie bis {day}.""",
        ),
    ),
}

RUSSIAN = {
    "defect": (
        (
            """Спасибо за быстрый ответ. Мы всё проверили: повреждено только одно изделие,
            остальное по заказу {order} в порядке. Когда можно ждать запасную часть?""",
            """Деталь есть на складе. Завтра мы её отправим, у вас она будет {day}. Для установки
            инструмент не понадобится.""",
            """[later] Деталь пришла и подошла. Большое спасибо за помощь!""",
            """Рады, что всё получилось. Закрываем обращение. Если появятся вопросы, просто
            ответьте на это письмо.""",
        ),
    ),
    "quote": (
        (
            """Спасибо за предложение {order}. Цена немного выше нашего бюджета. Возможна ли скидка,
            если мы заберём всё одной партией?""",
            """При поставке одной партией можем дать скидку 6 % на всю сумму. Предложение действует
            до {later}.""",
            """Хорошее предложение. Я покажу его руководству {day} и сразу вам напишу.""",
            """Договорились. До этого времени держим для вас место в графике производства, без
            обязательств.""",
            """[later] Руководство согласилось. Считайте это письмо заказом, подписанный договор
            пришлём курьером.""",
        ),
        (
            """Можно ли получить образцы покрытий? И есть ли светло-серый цвет?""",
            """Светло-серый есть, по той же цене. Коробку с образцами отправляем сегодня, у вас
            она будет {day}.""",
            """[later] Образцы получили, всем понравился светлый дуб. Поправьте, пожалуйста,
            предложение {order}.""",
            """Исправленное предложение отправил. Срок поставки — четыре недели со дня заказа.""",
        ),
    ),
    "project": (
        (
            """Спасибо за план. Со всем согласны, кроме даты: электрикам нужно ещё два дня.""",
            """Хорошо, монтаж перенесли на {later}. Остальное без изменений.""",
            """Отлично. Кто приедет на объект? Нужно заранее заказать пропуска.""",
            """Два столяра и я. Фамилии и номер машины пришлю до {day}.""",
        ),
    ),
}

CHINESE = {
    "defect": (
        (
            """谢谢您的快速回复。我们检查过了，订单{order}中只有这一件有问题，其他的都完好。
            请问配件什么时候能到？""",
            """配件有现货，明天发出，预计{day}送到。安装时不需要工具。""",
            """[later] 配件已经收到，安装好了，非常感谢！""",
            """很高兴问题解决了。我们先关闭这个请求，如有其他问题，直接回复此邮件即可。""",
        ),
    ),
    "quote": (
        (
            """报价单{order}已收到，谢谢。价格略高于我们的预算。如果一次性全部订购，能否优惠？""",
            """一次性订购可以给您总价 6% 的折扣，报价有效期至{later}。""",
            """可以接受。我{day}向公司领导汇报，之后尽快回复您。""",
            """好的。在此之前我们为您保留生产档期。""",
            """[later] 领导已经批准，请以此邮件作为正式订单，盖章的合同随后寄出。""",
        ),
        (
            """能否先寄一些材料样品？另外有浅灰色吗？""",
            """浅灰色有货，价格相同。样品今天寄出，预计{day}到达。""",
            """[later] 样品收到了，大家都喜欢浅灰色，请按此修改报价单{order}。""",
            """修改后的报价已发出，交货期为下单后四周。""",
        ),
    ),
    "project": (
        (
            """方案收到，基本同意。只是安装日期太早，电工还需要两天时间。""",
            """没有问题，安装改到{later}，其他安排不变。""",
            """好的。当天有哪些人到现场？我们需要提前登记。""",
            """两位木工和我本人，名单和车牌号{day}前发给您。""",
        ),
    ),
}

CHAINS = {"en": chains_en.CHAINS, "de": GERMAN, "ru": RUSSIAN, "zh": CHINESE}


def chain(language: str, kind: str, choice: int) -> tuple[str, ...]:
    """:param choice: any number; the same one gives the same dialogue"""
    dialogues = CHAINS[language][kind]
    return dialogues[choice % len(dialogues)]
