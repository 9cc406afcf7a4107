# wrong: tested on the rows that the rule was made from
# message: counted itself|looked at the row itself
import pandas as pd


def shortcut_accuracy(keys, labels, groups):
    table = pd.DataFrame({"key": keys, "label": labels})
    rule = table.groupby("key").label.agg(lambda column: column.mode()[0])
    return float((table.key.map(rule) == table.label).mean())
