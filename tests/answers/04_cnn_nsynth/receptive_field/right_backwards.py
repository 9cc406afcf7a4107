def receptive_field(layers):
    n = 1  # outputs that are needed of the layer above
    for _, size, stride in layers[::-1]:
        n = (n - 1) * stride + size
    return n
