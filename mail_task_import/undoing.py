"""Undoing what failed: in the database, and in what was queued for after the commit."""

from collections import deque
from collections.abc import MutableSet
from contextlib import contextmanager
from copy import copy


@contextmanager
def undone_on_failure(cr):
    """A savepoint that also forgets what the failed mails queued for after the commit.

    The host keeps that queue (notifications, bus) outside the savepoint; what a mail that was
    undone has queued would be sent all the same. What was queued before stays, with its data.
    """
    cr.flush()
    queue = cr.postcommit
    functions, data = list(queue._funcs), _copied(queue.data)
    try:
        with cr.savepoint():
            yield
    except BaseException:
        queue.clear()
        queue._funcs.extend(functions)
        queue.data.update(data)
        raise


def _copied(value):
    """A copy that keeps what it holds when more is added to the original, at any depth."""
    if isinstance(value, dict):
        copied = copy(value)
        copied.update((key, _copied(held)) for key, held in value.items())
        return copied
    if isinstance(value, (list, deque)):
        copied = copy(value)
        copied.clear()
        copied.extend(map(_copied, value))
        return copied
    if isinstance(value, MutableSet):
        return type(value)(value)
    return value
