"""The names of the recordings that an edition may have beside the one of all that it says."""

CHOSEN_MIXES = ("article", "notes-after")
"""What may be listened to beside the edition and its plain language: the article without commentary; the article, and
after it the notes."""
