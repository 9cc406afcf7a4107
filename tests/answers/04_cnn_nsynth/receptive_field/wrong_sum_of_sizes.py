# wrong: the sizes are added up
# message: what does a layer of size k add
def receptive_field(layers):
    return sum(size for _, size, _ in layers)
