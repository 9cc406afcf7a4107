# wrong: the report's loop: a function builds a local network, and the old one is trained on
# message: does not reach the network|already trained
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

    def first():
        keras.utils.set_random_seed(seed)
        model = keras.Sequential(
            [
                keras.Input(shape=(X.shape[1],)),
                keras.layers.Dense(256, activation="sigmoid"),
                keras.layers.Dense(int(y.max()) + 1, activation="softmax"),
            ]
        )
        model.compile(
            optimizer=keras.optimizers.Adam(0.001), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
        )
        return model

    model = first()
    results = {}
    for rate in rates:
        build(rate)
        loss_before = model.evaluate(X, y, verbose=0)[0]
        fit = model.fit(X, y, epochs=epochs, batch_size=16, validation_data=(X_val, y_val), verbose=0)
        results[rate] = {**fit.history, "loss_before": loss_before}
    return results
