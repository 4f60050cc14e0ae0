"""A Transformer over what a shopper did, in order: its last state is the interest vector.

Nothing here imports torch until `fit` is called; what is learned is served by numpy alone.
"""
