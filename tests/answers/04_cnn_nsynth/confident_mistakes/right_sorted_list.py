def confident_mistakes(proba, y_true, k):
    rows = [i for i in range(len(y_true)) if int(np.argmax(proba[i])) != int(y_true[i])]
    rows.sort(key=lambda i: max(proba[i]), reverse=True)
    return rows[:k]
