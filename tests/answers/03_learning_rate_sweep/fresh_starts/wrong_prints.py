# wrong: the answer is printed, not returned
# message: return
def fresh_starts(losses_before, n_classes):
    for loss in losses_before:
        print(np.log(n_classes) - 0.1 <= loss <= np.log(n_classes) + 0.8)
