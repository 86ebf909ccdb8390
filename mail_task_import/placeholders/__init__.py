"""Placeholders in templates, as people write them: plain Python, knows no database."""
