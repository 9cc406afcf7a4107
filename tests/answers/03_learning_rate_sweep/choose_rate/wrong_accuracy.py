# wrong: chosen by the validation accuracy
# message: highest accuracy was chosen|reached a lower validation
def choose_rate(results):
    return max(sorted(results), key=lambda r: max(results[r]["val_accuracy"]))
