"""Random histories, who may read what after them by the rules, and what the product answers.

``rules.py`` knows the rules and no product code; ``stage.py`` sets up people and mailboxes;
``history.py`` and ``acts.py`` do random things and tell the rules; ``questions.py`` and
``addresses.py`` ask as everybody; ``scenario.py`` runs one history and shrinks it.
"""
