# wrong: np.argmin takes NaN for the smallest number
# message: NaN or infinite was chosen
def choose_rate(results):
    rates = sorted(results)
    return rates[int(np.argmin([np.min(results[r]["val_loss"]) for r in rates]))]
