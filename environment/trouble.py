"""What goes wrong outside our code, told in one line that says what to do."""


class Trouble(Exception):
    """Stops a verb. ``__main__`` prints the text without a traceback and exits with 1."""


def say(text: str) -> None:
    """Tell the person at the terminal what is being done; flushed, because CI reads a pipe."""
    print(f"» {text}", flush=True)
