# wrong: layers are gone through from the output, with the steps of the layers behind
# message: only matters to layers after it|should widen
def receptive_field(layers):
    r, jump = 1, 1
    for _, size, stride in reversed(layers):
        r += (size - 1) * jump
        jump *= stride
    return r
