"""Imported for what it does: processes that are forked afterwards find the package's own templates compiled."""

from contextlib import suppress

from publisher.rendering.templates import compile_builtin

with suppress(Exception):  # whoever needs a template that is wrong tells of it, with its name
    compile_builtin()
