"""What rules call things, for their forms, errors and journals."""

PLACES = [
    ("subject_body", "Subject or text"),
    ("subject", "Subject"),
    ("body", "Text"),
    ("headers", "Headers"),
    ("from", "From"),
    ("recipients", "To and Cc"),
]


def pattern_error_words(env, error):
    """A ``PatternError`` in the user's words, with its position."""
    place = {"position": error.position, "detail": error.detail}
    words = {
        "syntax": env._("The pattern is broken at character %(position)s: %(detail)s.", **place),
        "back_reference": env._(
            "The pattern has a back reference (%(detail)s) at character %(position)s. Those are "
            "not known here.",
            **place,
        ),
        "look_ahead": env._(
            "The pattern looks ahead (%(detail)s) at character %(position)s. That is not known "
            "here.",
            **place,
        ),
        "look_behind": env._(
            "The pattern looks behind (%(detail)s) at character %(position)s. That is not known "
            "here.",
            **place,
        ),
        "boundary": env._(
            r"The pattern has %(detail)s at character %(position)s, which knows Latin letters "
            r"only. Write (^|\W) or (\W|$) instead.",
            **place,
        ),
        "long": env._("The pattern is too long: %(detail)s characters are the most.", **place),
        "large": env._("The pattern repeats too much. Make the numbers in it smaller."),
    }
    return words.get(error.why) or env._(
        "“%(detail)s” at character %(position)s of the pattern is not known here.", **place
    )


def words_of(text):
    """What commas or semicolons part."""
    return [word for word in map(str.strip, (text or "").replace(";", ",").split(",")) if word]
