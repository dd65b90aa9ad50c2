"""Imported for what it does: processes that are forked afterwards find the package's own templates compiled."""

from publisher.rendering.templates import compile_builtin

compile_builtin()
