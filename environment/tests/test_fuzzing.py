"""Some fuzzing with each test run, the same each time; ``make fuzz`` goes new ways, and longer."""

from environment import fuzzing

MAILS = 30_000
AT_MOST_MINUTES = 4


def test_no_mail_of_many_breaks_a_rule(tmp_path):
    if fuzzing.is_available():  # elsewhere the tests of mime fuzz without coverage only
        assert fuzzing.run(AT_MOST_MINUTES, tmp_path, MAILS) == 0
        assert any((tmp_path / "mails").iterdir())
        assert not any((tmp_path / "found").iterdir())


def test_a_broken_rule_ends_the_run_and_the_mail_is_kept(tmp_path, monkeypatch):
    if fuzzing.is_available():
        script = tmp_path / "fuzz_mime.py"
        script.write_text(
            "import sys, atheris\n"
            "def read(raw):\n"
            "    assert not raw.startswith(b'F')\n"
            "atheris.Setup(sys.argv, read)\n"
            "atheris.Fuzz()\n"
        )
        (tmp_path / "corpus").mkdir()
        (tmp_path / "corpus" / "mail").write_bytes(b"From: ann@example.com")
        (tmp_path / "fuzz_words.txt").write_text('"From"\n')
        monkeypatch.setattr(fuzzing, "TESTS", tmp_path)
        assert fuzzing.run(0.1, tmp_path / "run") != 0
        (kept,) = (tmp_path / "run" / "found").iterdir()
        assert kept.read_bytes() == b"From: ann@example.com"
