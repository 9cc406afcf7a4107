# wrong: milliseconds at 8 kHz in place of samples
# message: whole number of samples: is it a time
def receptive_field(layers):
    r, jump = 1, 1
    for _, size, stride in layers:
        r += (size - 1) * jump
        jump *= stride
    return 1000 * r / 8000
