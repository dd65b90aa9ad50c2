"""The command line: runs one command, tells every failure in one line. Imports nothing before a command needs it.

Exit status: 0 done; 1 findings of severity error; 2 the command or its input cannot be used; 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from publisher.interrupting import INTERRUPTED, interruptible

DONE, UNUSABLE = 0, 2
_STOPPED = "error: interrupted; what was published before is untouched"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Every foreseen failure is told in one line on standard error."""
    options = argparse.Namespace()
    try:
        with interruptible(_STOPPED):
            from publisher.arguments import parser

            words = sys.argv[1:] if arguments is None else arguments
            options = parser(words).parse_args(words)
            command: Callable[[argparse.Namespace], int] = options.command
            return command(options)
    except KeyboardInterrupt:
        print(_STOPPED, file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output (`| head`) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as problem:
        return _failed(problem, options)


def _failed(problem: Exception, options: argparse.Namespace) -> int:
    """Tell why a command failed. What nobody foresaw is raised again where PUBLISHER_TRACEBACK is set."""
    from publisher.failing import fault, in_words
    from publisher.model.findings import FindingsError, PublisherError

    match problem:
        case FindingsError():
            from publisher.commands import say

            say(problem.findings, options)
            return problem.exit_status
        case PublisherError():
            print(problem, file=sys.stderr)
            return problem.exit_status
        case OSError():
            print(f"error: {in_words(problem)}", file=sys.stderr)
            return UNUSABLE
    if os.environ.get("PUBLISHER_TRACEBACK"):
        raise problem
    print(f"error: {fault(problem)}", file=sys.stderr)
    return UNUSABLE


if __name__ == "__main__":
    sys.exit(main())
