# wrong: the stride of a pooling is forgotten
# message: for poolings than for convolutions
def receptive_field(layers):
    r, jump = 1, 1
    for kind, size, stride in layers:
        r += (size - 1) * jump
        if kind == "conv":
            jump *= stride
    return r
