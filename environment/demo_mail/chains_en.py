"""How threads in English go on after our first answer: dialogues that fit any story of a kind."""

DEFECT = (
    (
        """Thank you for the quick answer. We have checked again: it is only the one {item}, the
        others of order {order} are fine. When can we expect the spare part?""",
        """The part is in stock. It leaves our warehouse tomorrow and should be with you on {day}.
        The tracking number follows automatically. No tools are needed to fit it.""",
        """[later] The part has arrived and fits. It took us ten minutes. One question for next
        time: do you keep spare parts for the older models as well?""",
        """Good to hear. Yes, for all models we have sold in the last ten years. A photo of the
        label under the seat or the table top is enough for us to find the right part.

        I am closing this request now; just answer this mail if anything comes up.""",
        """Perfect, thank you. Please go ahead and close it.""",
    ),
    (
        """Thanks. Our caretaker looked at it this morning and is afraid of making it worse. Could
        one of your technicians come by? We are in the office from 8 to 5.""",
        """Of course. Our technician is in your area on {day} and would come between 9 and 11. He
        brings a replacement for the {item} in case it cannot be repaired on the spot.

        Does that suit you?""",
        """That suits us well. Please ask for me at the reception; there is a parking space in
        the yard.""",
        """Noted, thank you. As this is a warranty case there will be no charge for you.""",
        """[later] The technician has just left, everything works again. Please pass on our thanks,
        he was very friendly.""",
    ),
    (
        """I have attached nothing more, but I can tell you that the label says {order} and
        the batch number ends in 07. Does this help?""",
        """It does. Some pieces of this batch left the factory with a faulty fitting. You will get
        a new {item} from us, and we collect the old one on {day}.""",
        """Do we have to pack the old one? We threw away the cardboard box.""",
        """No, the driver brings a blanket and straps. Just keep it near the entrance, please.""",
    ),
)

DELIVERY = (
    (
        """Thank you for looking into it. Next week is difficult for us because of the holidays, is
        there any chance to have the {item} before the weekend?""",
        """I spoke to the carrier: they can deliver on {day}, between 1 and 4 p.m. The driver calls
        half an hour before.""",
        """That works. Please tell the driver to use the ramp behind the building, the front door
        is too narrow.""",
        """I have added it to the delivery note of {order}.""",
        """[later] Delivered, complete and undamaged. Thanks a lot for your help!""",
    ),
    (
        """We have counted twice, {order} is short by one parcel. The delivery note says four,
        there are three on the pallet.""",
        """I am sorry about this. The missing parcel was found in the carrier's depot, it carries
        an old label. They bring it to you on {day} without further charge.""",
        """All right. Shall we sign the delivery note now or wait for the last parcel?""",
        """Please write "3 of 4 received" on it and sign. You get a second note with the last
        parcel.""",
    ),
    (
        """Could you send the tracking link to our reception as well? They are the ones who open
        the door.""",
        """Done: the carrier will now inform both of you. Everything is on the van for {day}.""",
        """[later] Received this morning. The packaging was a bit wet but the content is fine.""",
        """Thank you for telling us. Please send a photo if you notice anything during the
        assembly; we have noted the wet packaging for the carrier.""",
    ),
)

INVOICE = (
    (
        """Thank you. Our auditor also asks for the order number and our VAT number on the
        invoice. Could you add both?""",
        """The corrected invoice for {order} goes out today and replaces the first one. Both
        numbers are on it.""",
        """I see it in our system now. We will pay it with the next run, on {day}.""",
        """Thank you, then we are all set. The reminder has been stopped.""",
    ),
    (
        """Understood. Then please set the {item} off against the next invoice; we do not need the
        money back.""",
        """That is possible. The credit note carries the number RINV-{order} and is deducted from
        the next invoice automatically.""",
        """Good. Could you send us a statement of the account at the end of the month?""",
        """I have put you on the list: you get the statement on the last working day of each
        month.""",
        """Excellent, thank you for sorting this out.""",
    ),
)

QUOTE = (
    (
        """Thank you for the offer for the {item}. The price is a bit above our budget. What would
        be possible if we order everything at once and collect it ourselves?""",
        """If you take all of it in one delivery I can give you 6 % on the total, and another 2 %
        if your own truck picks it up. The offer {order} is valid until {later}.""",
        """That sounds fair. I have to present it to the management on {day} and will come back to
        you right after.""",
        """Good luck with the presentation. I have reserved everything for you until then, without
        any obligation.""",
        """[later] They said yes! Please take this as our order. The signed form follows by
        post.""",
    ),
    (
        """Thanks. Two questions: can we get samples of the surfaces, and is the {item} available
        in light grey as well?""",
        """Light grey is available at the same price. A box with samples leaves today and should be
        on your desk on {day}.""",
        """[later] The samples have arrived and everybody likes the light oak. Please change the
        offer accordingly.""",
        """Here is the changed offer {order}: light oak, otherwise unchanged. The
        delivery time is four weeks from your order.""",
    ),
    (
        """Thank you for the detailed offer. A competitor is about 5 % cheaper, but with a shorter
        warranty. Is five years really included for the {item}?""",
        """Yes, five years on all moving parts, on site, without travel costs. I would be glad to
        show you the production; our factory is an hour from you. What about {day}?""",
        """A visit would be great. There would be three of us, at 10 o'clock if that suits you.""",
        """10 o'clock it is. Please wear closed shoes for the tour; coffee is ready.""",
        """[later] Thank you for the tour, we were impressed. You will hear from us about {order}
        by the end of next week.""",
    ),
    (
        """One more thing before we decide: do you also take back the old furniture?""",
        """We do, for 15 per piece, and what is in good condition goes to a charity in your town. I
        have added it to offer {order} as an option.""",
        """Very good. Please plan the delivery of the {item} for {later}, not before: the painters
        are still here until then.""",
    ),
)

PROJECT = (
    (
        """Thanks for the summary. I agree with all points except the date: the electrician needs
        two more days before the {item} can be installed.""",
        """No problem, I have moved the installation to {later} and told the carpenters. Nothing
        else changes in the plan.""",
        """Great. Who will be on site that day? We have to register everybody at the gate.""",
        """Two carpenters and I. You get the names and licence plates by {day}.""",
        """Registered. See you on site!""",
    ),
    (
        """The plan looks good. My colleagues would like to see the {item} a bit closer to the
        window. Is this still possible without delaying everything?""",
        """It is. The new drawing will be ready on {day}; the costs stay the same, as the parts
        are not cut yet.""",
        """[later] I have seen the new drawing and approve it. You can start the production.""",
        """Thank you for the approval. Production starts tomorrow, I will send photos on the
        way.""",
    ),
    (
        """We discussed it this morning. Please go ahead with variant B for the {item}. The budget
        is approved as well.""",
        """Perfect. Then the next steps are:

        - order of the material: today
        - delivery to your site: {day}
        - installation and hand-over: {later}""",
        """Thanks. I would like to be there at the hand-over, and our facility manager too.""",
        """You are both invited, the calendar entry follows. Please bring the list of keys.""",
    ),
)

OFFICE = (
    (
        """Sounds good to me. I will be there, but I can only stay until 3 because of the
        dentist.""",
        """No problem, we start with your part then.""",
        """Thanks! I have put my notes about the {item} into the shared folder.""",
    ),
    (
        """I had a look and left two comments. The rest about the {item} is fine for me.""",
        """Thank you, both points are right. I have changed them and sent it out.""",
        """Great, one thing less on the list.""",
    ),
)

CHAINS = {
    "defect": DEFECT,
    "delivery": DELIVERY,
    "invoice": INVOICE,
    "quote": QUOTE,
    "project": PROJECT,
    "office": OFFICE,
}
