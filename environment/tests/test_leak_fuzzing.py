"""How histories are shared out among the runs of ``make leak-fuzz``."""

from environment import leak_fuzzing


def test_every_seed_is_played_once():
    for histories in (1, 2, 7, 300):
        runs = leak_fuzzing.shares(5, histories)
        played = [seed for first, number in runs for seed in range(first, first + number)]
        assert played == list(range(5, 5 + histories))
        assert len(runs) == leak_fuzzing.RUNS
