# wrong: probabilities in place of row numbers
# message: row numbers are whole numbers
def confident_mistakes(proba, y_true, k):
    wrong = proba.argmax(axis=1) != y_true
    return np.sort(proba[wrong].max(axis=1))[::-1][:k]
