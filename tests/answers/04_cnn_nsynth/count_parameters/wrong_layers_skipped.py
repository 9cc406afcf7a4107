# wrong: layers without weights are left out of the list
# message: should have shape
def count_parameters(input_length, layers):
    counts, length, channels = [], input_length, 1
    for layer in layers:
        count = 0
        if layer["kind"] == "conv1d":
            count = (layer["kernel"] * channels + 1) * layer["filters"]
            length, channels = length - layer["kernel"] + 1, layer["filters"]
        elif layer["kind"] == "pool":
            length = length // layer["size"]
        elif layer["kind"] == "flatten":
            channels = length * channels
        elif layer["kind"] == "dense":
            count = (channels + 1) * layer["units"]
            channels = layer["units"]
        if count:
            counts.append(count)
    return counts
