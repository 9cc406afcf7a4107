from math import exp


def fresh_starts(losses_before, n_classes):
    """Without a logarithm: exp(loss) is how many classes the network seems to choose from."""
    return [exp(-0.1) * n_classes <= exp(loss) <= exp(0.8) * n_classes for loss in losses_before]
