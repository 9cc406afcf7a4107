# wrong: the output itself is not counted
# message: start from 1 sample
def receptive_field(layers):
    r, jump = 0, 1
    for _, size, stride in layers:
        r += (size - 1) * jump
        jump *= stride
    return r
