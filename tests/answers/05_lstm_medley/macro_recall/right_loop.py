def macro_recall(cm):
    total, n = 0, 0
    for i in range(len(cm)):
        clips = sum(cm[i])
        if clips > 0:
            total += cm[i][i] / clips
            n += 1
    return total / n
