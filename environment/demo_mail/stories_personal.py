"""What Mitchell and Marc get at their own addresses."""

from .documents import invitation, pdf, table
from .people import EMPLOYEES
from .story import story

STORIES = (
    story(
        "fair-plans",
        "mitchell",
        "marc",
        "Trade fair: who does what?",
        """The fair is in five weeks and we should share out the work. I would take care of the
        stand and the samples. Could you look after the invitations and the hotel?

        I suggest that we meet on Thursday at 2.""",
        """Thursday at 2 is fine. I book the hotel today, before everything is gone, and bring a
        draft of the invitation.""",
        kind="office",
        follow=3,
        item="stand",
        files={0: (invitation("Trade fair", "Room 2", 3, EMPLOYEES["marc"].email),)},
    ),
    story(
        "price-list",
        "marc",
        "mitchell",
        "New price list, please check",
        """I have finished the price list for the second half of the year. Steel has become more
        expensive, so the frames go up by 4 %. Could you check whether I have forgotten
        something?""",
        """I will look at it this afternoon. At first sight the castors are missing, they got more
        expensive too.""",
        dialogue=1,
        kind="office",
        follow=3,
        item="price list",
        files={0: (table("price-list.csv", ("Article", "Price"), ("Frame", "142.00")),)},
    ),
    story(
        "soham-contract",
        "mitchell",
        "soham",
        "Distributor contract: confidential",
        """As agreed on the phone I send you our comments on the distributor contract to your own
        address, not to the team. The main point is the exclusivity for San Marino. Please treat it
        confidentially.""",
        """I do. Exclusivity is possible if we agree on a minimum volume. Let me talk to our lawyer
        and come back to you.""",
        """A minimum volume is fine as long as the first year is free. Our lawyer would prefer to
        have it in an appendix.""",
        """Agreed. The new version with the appendix is attached, please read section 4 in
        particular.""",
        """Read and approved. We sign on Monday.""",
        files={3: (pdf("contract-v3.pdf", "Distributor contract", "Section 4: minimum volume"),)},
        starred=True,
    ),
    story(
        "toni-lunch",
        "mitchell",
        "toni",
        "Lunch next week?",
        """I am in town next week and would like to invite you for lunch. There might be a larger
        project in it for both of us. Tuesday or Wednesday?""",
        """With pleasure. Wednesday suits me better. The Italian place next to the station?""",
        """Perfect, Wednesday at half past twelve. I have booked a table for two.""",
        """See you there!""",
    ),
    story(
        "edwin-photos",
        "marc",
        "edwin",
        "Photos for our joint brochure",
        """For the brochure our agency needs photos of the last installation in a higher
        resolution. Do you still have them?""",
        """I do, on the other computer. Is the end of the week early enough?""",
        """Friday is early enough, thanks. They also ask who took them, because of the credits.""",
        """I took them myself, so "Photo: YourCompany" is all right. The link follows tomorrow.""",
        """[later] Got them, they look great in print. You will get ten copies.""",
    ),
    story(
        "jesse-reference",
        "marc",
        "jesse",
        "May we name you as a reference?",
        """We are taking part in a tender and have to name two suppliers as a reference. May we
        write your name and phone number into the form?""",
        """Of course, I am happy to tell them only good things. When will they call?""",
        """Probably within the next two weeks. Thank you very much!""",
        """[later] They called this morning and we talked for ten minutes. It sounded good for
        you.""",
    ),
    story(
        "billy-training",
        "marc",
        "billy",
        "Assembly training for our new colleagues",
        """Two new colleagues start in our workshop next month. Could they spend a day with your
        assembly team, as last year? It helped a lot.""",
        """They are welcome. The team is on site in your area on two days next month; I send you
        the dates as soon as they are fixed.""",
        """Great, thank you. They would both prefer a Tuesday, but we can arrange any day.""",
        """Tuesday the week after next works. They should bring safety shoes and good humour.""",
    ),
    story(
        "holiday-cover",
        "marc",
        "mitchell",
        "Holiday cover in the last week of the month",
        """I am on holiday in the last week of the month. Could you look after the support mailbox
        during that time? There is usually little to do, except for Monday mornings.""",
        """No problem, I take it. Is there any case that I should know about?""",
        """Only the hinges of The Jackson Group. All the rest can wait until I am back.""",
        """Noted. Enjoy the holidays!""",
    ),
    story(
        "theodore-api",
        "mitchell",
        "theodore",
        "Test access for the electronic catalogue",
        """Our purchasing software could read your catalogue electronically. Is there a test
        access, and whom do I have to ask for it?""",
        """You have asked the right one. I have made a test access for you; the password comes by
        text message.""",
        """Works. Is there also a file with all articles that we can load at night?""",
        """There is, it is renewed at 2 a.m. The fields are described in the attached document.""",
        """[later] Perfect, we load it since yesterday without errors.""",
        files={3: (pdf("fields.pdf", "Fields of the catalogue file", "1 Article", "2 Price"),)},
        cc=("marc",),
    ),
    story(
        "colleen-call",
        "marc",
        "colleen",
        "Can you call me before five?",
        """I have two short questions about the customizable desks that are easier to answer on the
        phone. I am at my desk until five. Thanks!""",
        ago=0.09,
    ),
)
