"""One scenario: a history, then everybody asks; what the rules forbid is a leak. And shrinking."""

import random
from dataclasses import dataclass

from odoo.tools import mute_logger

from .history import QUIET, History, draw
from .questions import EXPORTS, HIDDEN, NESTED, PAGES, Questions, words_in
from .stage import ASKED

GUESSED_AT_ONCE = 60
FIRST, OFTEN = ("mail.import.", "mail.message", "ir.attachment"), 0.5
"""Asked for after every other history at least; of the rest a share."""
QUEUE = ("mail.mail", "mail.notification")
TRACKING = "mail.tracking.value"
"""What a record's own fields were before: the host shows it to administrators, mailbox or not."""


@dataclass(frozen=True)
class Leak:
    user: str
    word: str
    how: str

    @property
    def kind(self):
        """Leaks of one kind have one cause, as far as can be told."""
        return self.user, self.how.split(":")[0], self.how[:40]

    def __str__(self):
        return f"{self.user or 'a visitor'} sees {self.word}: {self.how}"


def run(case, seed, acts=None, share=1.0, look=None, sabotage=None):
    """Play one history and ask; all of it is undone.

    :param acts: instead of those that the seed draws
    :param share: of the questions that are asked, drawn by the seed
    :param look: called with the history before it is undone; returns more leaks
    :param sabotage: called with the history before anybody asks
    :return: leaks, the log of what happened
    """
    acts = draw(seed, random.Random(seed).randint(3, 10)) if acts is None else acts
    with case.a_world_of_its_own():
        history = History(case)
        history.walk(acts)
        leaks = [Leak(user, word, f"act {step}: {how}") for step, user, word, how in history.leaks]
        if sabotage:
            sabotage(history)
        with mute_logger(*QUIET):
            leaks += ask_everybody(history, random.Random(seed), share)
            if look:
                leaks += look(history) or []
    return leaks, history.log


def ask_everybody(history, chance, share):
    leaks = []
    people = [name for name in history.case.people if name not in history.archived]
    for name in chance.sample(people, max(2, round(len(people) * share))):
        history.env.invalidate_all()
        leaks += _ask(history, Questions(history, name), chance, share)
        leaks += _must_read(history, name)
    return leaks


def _ask(history, questions, chance, share):
    rules, name, env = history.rules, questions.name, history.env
    leaks = []
    queued, tracked = set(), set()
    if name == "administrator":
        queued = rules.queued
        tracked = set().union(*(thing.texts for thing in rules.things.values()))

    def judge(model, answers):
        excused = queued if model in QUEUE else tracked if model == TRACKING else ()
        for how, answer in answers:
            for word in words_in(answer):
                if word not in excused and not rules.may(name, word):
                    leaks.append(Leak(name, word, f"{model}: {how}"))

    here = [model for model in ASKED if model in env]
    for model in here:
        if chance.random() < (max(share, OFTEN) if model.startswith(FIRST) else share):
            judge(model, questions.of_model(model))
        if chance.random() < share:
            judge(model, questions.in_groups(model))
        if chance.random() < share:
            found, counts = questions.counted(model)
            leaks += [
                Leak(name, "", f"{model}: {count} counted, {found} shown")
                for count in counts
                if count != found
            ]
    for model in EXPORTS:
        if chance.random() < share:
            judge(model, questions.exported(model))
    for model in NESTED:
        if chance.random() < share:
            judge(model, questions.nested(model))
    for model in PAGES:
        if chance.random() < share:
            judge(model, questions.pages(model))
    for record in history.records:
        if chance.random() < share:
            judge(record, questions.chatter(record))
            judge(record, questions.banners(record))
    return leaks + _guess(history, questions, chance, share)


def _guess(history, questions, chance, share):
    words = history.rules.forbidden(questions.name)
    if questions.name == "administrator":
        words = [word for word in words if word not in history.rules.queued]
    words = chance.sample(words, min(len(words), GUESSED_AT_ONCE))
    return [
        Leak(questions.name, word, f"{model}: a search by {path} finds {found}")
        for model in HIDDEN
        if model in history.env and chance.random() < share
        for path, found, word in questions.guesses(model, words)
    ]


def _must_read(history, name):
    """Who may read, can: else the rules would be kept by showing nobody anything."""
    rules, failures = history.rules, []
    for mail, email in history.emails.items():
        if not email.exists() or mail.spoken:
            continue
        env = history.as_user(email, name).env
        # a copy in quarantine has no entry: the mail in it is read, the e-mail is not
        mine = any(c.alive and name in c.box.readers and c in history.entries for c in mail.copies)
        if mine and not email.with_env(env).has_access("read"):
            failures.append(Leak(name, mail.words["b"], "is kept from its reader"))
        links = email.sudo().link_ids.filtered(lambda link: not link.suggested)
        readable = links.with_env(env)._filtered_access("read")
        if name and rules.through_link(name, mail) and not readable:
            failures.append(Leak(name, mail.words["b"], "is kept from readers of its record"))
    return failures


def shrink(case, seed, leak):
    """The fewest acts after which this user still sees something in this way."""
    acts = draw(seed, random.Random(seed).randint(3, 10))

    def still(some):
        return any(
            (other.user, other.how[:40]) == (leak.user, leak.how[:40])
            for other in run(case, seed, some)[0]
        )

    number = 0
    while number < len(acts):
        fewer = acts[:number] + acts[number + 1 :]
        if still(fewer):
            acts = fewer
        else:
            number += 1
    return acts


def report(case, seed, leak):
    """What happened, as short as it can be told."""
    leaks, log = run(case, seed, shrink(case, seed, leak))
    lines = [f"seed {seed}: {leak}", *log, *map(str, leaks[:10])]
    return "\n  ".join(lines)
