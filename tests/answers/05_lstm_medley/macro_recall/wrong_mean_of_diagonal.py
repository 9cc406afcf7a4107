# wrong: the mean of the diagonal
# message: should not go above 1
def macro_recall(cm):
    return float(np.mean(np.diag(cm)))
