"""How much each finding about the text weighs: the checks of `publisher check`, in one place.

What the reading of an edition finds (anchors, missing files, faulty front matter) has its severity from the reading.
"""

from __future__ import annotations

from publisher.model.findings import Finding, Severity
from publisher.model.source import Position

SEVERITIES = {
    # Plain language: what is missing, what is hard
    "plain-missing": Severity.WARNING,
    "plain-sentence-long": Severity.WARNING,
    "plain-sentences-long": Severity.INFO,
    "plain-paragraph-long": Severity.INFO,
    "plain-reading-level": Severity.WARNING,
    "plain-hard-word": Severity.INFO,
    # Plain language: what is lost or added
    "plain-number-lost": Severity.WARNING,
    "plain-number-added": Severity.WARNING,
    "plain-date-lost": Severity.WARNING,
    "plain-date-added": Severity.WARNING,
    "plain-name-lost": Severity.WARNING,
    "plain-name-added": Severity.WARNING,
    "plain-negation-lost": Severity.WARNING,
    "plain-negation-added": Severity.INFO,
    # Pictures
    "image-alternative-missing": Severity.ERROR,
    "image-alternative-file-name": Severity.WARNING,
    "image-alternative-long": Severity.WARNING,
    "image-alternative-redundant": Severity.INFO,
    "image-alternative-generated": Severity.WARNING,
    # Structure and links
    "heading-order": Severity.WARNING,
    "section-empty": Severity.WARNING,
    "link-bare": Severity.WARNING,
    "link-vague": Severity.WARNING,
    "link-empty": Severity.ERROR,
}


def finding(check: str, message: str, position: Position | None) -> Finding:
    """A finding with the severity that the table gives its check. Raises KeyError for a check that is not in it."""
    return Finding(check, SEVERITIES[check], message, position)
