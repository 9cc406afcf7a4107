# wrong: the stride of a layer is already applied to that layer
# message: whatever its stride|only matters to layers after it
def receptive_field(layers):
    r, jump = 1, 1
    for _, size, stride in layers:
        jump *= stride
        r += (size - 1) * jump
    return r
