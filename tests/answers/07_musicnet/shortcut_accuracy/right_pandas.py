import pandas as pd


def shortcut_accuracy(keys, labels, groups):
    table = pd.DataFrame({"key": list(keys), "label": list(labels), "group": list(groups)})
    guesses = []
    for row in table.itertuples():
        rest = table[table.group != row.group]
        same = rest[rest.key == row.key]
        guesses.append((same if len(same) else rest).label.mode().iloc[0])  # mode sorts its values
    return float((table.label == guesses).mean())
