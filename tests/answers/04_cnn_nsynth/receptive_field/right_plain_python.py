def receptive_field(layers):
    r, jump = 1, 1
    for kind, size, stride in layers:
        r = r + (size - 1) * jump
        jump = jump * stride
    return r
