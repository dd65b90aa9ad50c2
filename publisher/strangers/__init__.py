"""Opening what strangers made: bounded containers, and a child process with limits in which files are read.

The standard library and the model alone, so that every reader may use it.
"""
