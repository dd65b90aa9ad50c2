"""What holds engines that are given strangers' words: limits, rights taken away, an end with whoever began them.

The standard library and the model alone, so that whatever starts an engine may use it.
"""
