def receptive_field(layers):
    heard = {0}
    for kind, size, stride in reversed(layers):
        heard = {i * stride + j for i in heard for j in range(size)}
    return len(heard)
