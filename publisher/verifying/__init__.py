"""What `verify` asks of a whole edition: that its sound says its words, that its claims hold, that its books agree.

It knows formats' readers and the comparing of `verification`, and is asked by `verify.py` alone.
"""
