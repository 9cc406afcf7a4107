# wrong: standard deviation of the windows
# message: between 0 and 1
def interval_by_group(correct, groups, n_boot, seed):
    mean, sd = np.mean(correct), np.std(correct)
    return mean - 1.96 * sd, mean + 1.96 * sd
