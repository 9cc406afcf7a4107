import math


def receptive_field(layers):
    return 1 + sum((size - 1) * math.prod(s for _, _, s in layers[:i]) for i, (_, size, _) in enumerate(layers))
