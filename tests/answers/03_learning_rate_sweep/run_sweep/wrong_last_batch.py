# wrong: the loss and accuracy of the last batch only, rows shuffled in each epoch
# message: last batch
def run_sweep(X, y, X_val, y_val, rates, epochs, seed):
    results = {}
    for rate in rates:
        keras.utils.set_random_seed(seed)
        model = keras.Sequential(
            [
                keras.Input(shape=(X.shape[1],)),
                keras.layers.Dense(256, activation="sigmoid"),
                keras.layers.Dense(int(y.max()) + 1, activation="softmax"),
            ]
        )
        optimizer = keras.optimizers.Adam(learning_rate=rate)
        model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        run = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
        run["loss_before"] = model.evaluate(X, y, verbose=0)[0]
        for _ in range(epochs):
            order = np.random.permutation(len(y))
            for start in range(0, len(y), 16):
                part = order[start : start + 16]
                model.reset_metrics()
                loss, accuracy = model.train_on_batch(X[part], y[part])
            val_loss, val_accuracy = model.evaluate(X_val, y_val, verbose=0)
            for name, value in (("loss", loss), ("accuracy", accuracy), ("val_loss", val_loss), ("val_accuracy", val_accuracy)):
                run[name].append(float(value))
        results[rate] = run
    return results
