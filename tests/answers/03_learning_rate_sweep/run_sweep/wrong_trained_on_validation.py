# wrong: training and validation rows swapped
# message: rows are swapped
def run_sweep(X, y, X_val, y_val, rates, epochs, seed):
    def build(rate):
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
        return model

    results = {}
    for rate in rates:
        model = build(rate)
        loss_before = model.evaluate(X, y, verbose=0)[0]
        fit = model.fit(X_val, y_val, epochs=epochs, batch_size=16, validation_data=(X, y), verbose=0)
        results[rate] = {**fit.history, "loss_before": loss_before}
    return results
