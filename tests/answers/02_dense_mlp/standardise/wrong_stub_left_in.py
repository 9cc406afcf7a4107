# wrong: the released line is still there, after the answer
# message: `raise NotImplementedError\(\)` is still in your answer .*: delete it
def standardise(X_train, X_test):
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    train, test = (X_train - mean) / deviation, (X_test - mean) / deviation
    # YOUR CODE HERE
    raise NotImplementedError()
