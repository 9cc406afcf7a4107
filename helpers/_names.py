"""Names that a caller gives: one, as a text, or several, as a sequence."""


def as_names(names):
    """A tuple of names; a single text is one name, not a sequence of letters."""
    return (names,) if isinstance(names, str) else tuple(names)
