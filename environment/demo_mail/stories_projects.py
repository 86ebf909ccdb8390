"""What comes in at projects@: the customers' side of projects that are under way."""

from .documents import inline, invitation, pdf, photo, table, word
from .people import MAILBOXES
from .story import story

PROJECTS = MAILBOXES["projects"].address

STORIES = (
    story(
        "office-planning",
        "projects",
        "joel",
        "Office planning: number of workplaces",
        """After the last meeting we counted again: we will be 32 people instead of 28 by the end
        of the year. Can the plan of the first floor take four more workplaces, or do we have to
        use the small meeting room?""",
        """Four more workplaces fit if we turn the group near the window by 90 degrees. The small
        meeting room can stay. The changed plan is below.""",
        kind="project",
        follow=5,
        item="window group",
        files={1: (inline("plan", "first-floor.png"),)},
        starred=True,
        by="mitchell",
    ),
    story(
        "lunch-room",
        "projects",
        "joel",
        "Lunch Room: kitchen",
        """Our staff voted: they want the bar with high stools in the lunch room, not the long
        table. The vote was close, 14 to 12, so please make the bar comfortable!""",
        """Democracy has spoken. The bar is 4 metres long, with foot rails and power sockets. The
        stools have a back, so that even the 12 should be happy.""",
        dialogue=1,
        kind="project",
        follow=1,
        item="bar",
    ),
    story(
        "noise-reduction",
        "projects",
        "joel",
        "Noise Reduction: measurement results",
        """The acoustic engineer was here. In the open space he measured 58 dB on a normal morning,
        his report is attached. He recommends panels on the ceiling and between the desks.""",
        """Thank you for the report. With ceiling panels over the two large groups and five screens
        we should reach 50 dB. I calculate two variants for you, A with felt and B with wood
        wool.""",
        dialogue=2,
        kind="project",
        follow=4,
        item="acoustic panels",
        files={0: (pdf("acoustics.pdf", "Acoustic report", "Open space: 58 dB", "Target: 50 dB"),)},
        by="mitchell",
    ),
    story(
        "black-chairs",
        "projects",
        "nicole",
        "Black Chairs for managers",
        """For the four managers' rooms we would like the black leather chairs after all, not the
        fabric ones. Is it too late for a change?""",
        """You are just in time: the fabric chairs would have left the factory on Friday. The
        leather ones cost 85 more each and need ten more days.""",
        """Ten days are no problem. Please change the order, I have the approval of the board.""",
        """The order is changed, the new confirmation is attached. The rooms are ready anyway, so
        we only have to carry the chairs in.""",
        """Confirmed from our side. Thank you for being so flexible!""",
        files={3: (pdf("confirmation.pdf", "Order confirmation", "4 x Leather chair, black"),)},
    ),
    story(
        "meeting-room",
        "projects",
        "brandon",
        "Meeting Room Furnitures: choice of the table",
        """We looked at your three proposals for the large meeting room. The boat-shaped table is
        the favourite, but can it be divided for workshops?""",
        """It can: the table consists of four elements on castors. Pushed together you do not see
        the joints. Let us look at one in our showroom, the invitation is attached.""",
        dialogue=2,
        kind="project",
        follow=3,
        item="boat-shaped table",
        files={1: (invitation("Meeting room table", "Showroom", 4, PROJECTS),)},
        cc=("colleen",),
    ),
    story(
        "home-construction-piping",
        "projects",
        "douglas",
        "Home Construction: piping installation",
        """The plumber has finished the ground floor and asks where exactly the pipes for the
        kitchen island should come out. Could you send him the dimensions?""",
        """The centre of the island is 2.35 m from the north wall and 1.80 m from the window. I
        have put all dimensions into the attached list.""",
        kind="project",
        follow=5,
        item="kitchen island",
        files={
            1: (
                table(
                    "dimensions.csv",
                    ("Point", "From north wall", "From window"),
                    ("Cold water", "2.35 m", "1.80 m"),
                    ("Drain", "2.35 m", "1.95 m"),
                ),
            )
        },
        cc=("mitchell",),
    ),
    story(
        "windows-framing",
        "projects",
        "douglas",
        "Door and Window Framing: delay of the glazier",
        """Bad news: the glazier is two weeks late because of missing panes. This affects the
        built-in shelves below the windows. Can you wait with the assembly?""",
        """We can. The shelves stay in our warehouse free of charge. Please tell me as soon as
        there is a firm date, then I plan the team again.""",
        """The glazier has named a date at last: he begins on Monday in two weeks and needs two
        days.""",
        """Then we come on the Wednesday after. Two of us, for one and a half days.""",
        """Wednesday it is. I have told the site manager.""",
    ),
    story(
        "energy-certificate",
        "projects",
        "floyd",
        "Energy Certificate: data needed",
        """For the energy certificate we need the power consumption of all lamps and electric desks
        you install. Is there a list?""",
        """Here is the list. In standby the desks need 0.1 W each, which the form allows you to
        leave out.""",
        """Exactly what I needed. The certificate has been issued; a copy is attached for your
        files.""",
        """Thank you, I have filed it with the project.""",
        files={
            1: (table("consumption.csv", ("Device", "W"), ("Lamp", "18"), ("Desk", "0.1")),),
            2: (pdf("certificate.pdf", "Energy certificate", "Class B"),),
        },
        by="mitchell",
    ),
    story(
        "room-decoration",
        "projects",
        "kim",
        "Room 1: Decoration, colours of the walls",
        """Before the painters start: which grey did we agree on for room 1? I have two numbers in
        my notes.""",
        """It is the lighter one, number 7035. The darker one is for the cabinets. The room book is
        attached so that the painters have it in writing.""",
        dialogue=1,
        kind="project",
        follow=1,
        item="cabinet wall",
        files={1: (word("room-book.docx", "Room 1", "Walls: 7035", "Cabinets: 7037"),)},
    ),
    story(
        "renovation-silva",
        "projects",
        "silva",
        "Renovation of a showroom, cooperation?",
        """I am an interior designer and I renovate a showroom of 220 square metres for a client. I
        am looking for a partner for the fixed furniture. Attached is my first drawing. Would this
        be something for you?""",
        """It would, very much. I like the idea with the curved wall. Could we meet on site to take
        the measures?""",
        """Thursday at nine? I have the key. Please bring a laser, the ceiling is five metres
        high.""",
        """[later] Thank you for the tour of the showroom. Attached is our plan with the real
        measures.""",
        dialogue=1,
        kind="project",
        follow=4,
        item="curved wall",
        files={0: (photo("plan", "showroom.png"),), 3: (photo("plan", "measured.png"),)},
        also=("sales",),
    ),
    story(
        "brandt-montage",
        "projects",
        "brandt",
        "Montagetermin Disposition Hamburg",
        """unser neues Büro in Hamburg ist bezugsfertig. Wie besprochen bitten wir um einen Termin
        für die Montage der sechs Leitstand-Tische. Was muss bis dahin vorbereitet sein?""",
        """wir brauchen nur freien Zugang, Strom und einen Parkplatz für den Transporter. Die
        Montage der sechs Tische dauert einen Tag. Ich schlage den kommenden Donnerstag vor.""",
        kind="project",
        follow=3,
    ),
    story(
        "kuznetsov-klass",
        "projects",
        "kuznetsov",
        "Мебель для компьютерного класса",
        """Школа № 12 получила средства на новый компьютерный класс: 15 рабочих мест и стол
        учителя. План помещения прилагаю. Можете ли вы подготовить проект расстановки?""",
        """С удовольствием. По плану лучше всего подходит расстановка вдоль стен: так учитель видит
        все экраны. Проект расстановки прилагаю, монтаж предлагаю
        начать через неделю.""",
        kind="project",
        follow=4,
        files={0: (photo("plan", "план класса.png"),), 1: (pdf("plan.pdf", "Classroom, 15 + 1"),)},
    ),
    story(
        "chen-zhanting",
        "projects",
        "chen",
        "展厅家具安装方案",
        """展厅装修即将完成，请确认家具的安装方案和时间。平面图见附件，
        墙面插座的位置与原图相比有改动。""",
        """平面图收到。插座位置的改动不影响家具，我们建议下周开始安装，全部工作需要三天。""",
        kind="project",
        follow=1,
        files={0: (photo("plan", "平面图.png"),)},
        by="mitchell",
    ),
    story(
        "room-two",
        "projects",
        "joel",
        "Room 2: Decoration, delivery of the curtains",
        """The curtains for room 2 are here, three days early. Is there somebody of yours on site
        who can put them up, or shall I store them until the floor is finished?""",
        cc=("mitchell",),
        ago=0.055,
    ),
)
