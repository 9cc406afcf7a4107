def confident_mistakes(proba, y_true, k):
    mistakes = []
    for row, (chances, truth) in enumerate(zip(proba, y_true)):
        best = 0
        for c in range(1, len(chances)):
            if chances[c] > chances[best]:
                best = c
        if best != truth:
            mistakes.append((-chances[best], row))
    return [row for _, row in sorted(mistakes)][:k]
