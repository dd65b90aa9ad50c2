"""For the process that workers are forked from, which imports this last, and for no other.

It looks for garbage among what it has imported no more, so that workers share that memory as it is; and at its end it
is gone at once: taking a hundred modules apart would take a quarter of a second that nobody waits for.
"""

from __future__ import annotations

import atexit
import gc
import os

gc.collect()
gc.freeze()
atexit.register(os._exit, 0)
