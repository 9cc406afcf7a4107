# wrong: strides are ignored
# message: stride in the first layer should widen
def receptive_field(layers):
    return 1 + sum(size - 1 for _, size, _ in layers)
