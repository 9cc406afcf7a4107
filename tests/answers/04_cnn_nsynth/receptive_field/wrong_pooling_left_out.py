# wrong: pooling is left out
# message: for poolings than for convolutions
def receptive_field(layers):
    r, jump = 1, 1
    for kind, size, stride in layers:
        if kind == "conv":
            r += (size - 1) * jump
        jump *= stride
    return r
