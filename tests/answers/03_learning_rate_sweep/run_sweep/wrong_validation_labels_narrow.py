# wrong: to_categorical is left to count the classes of the validation rows
# message: to_categorical|num_classes
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
        model.compile(optimizer=optimizer, loss="categorical_crossentropy", metrics=["accuracy"])
        return model

    results = {}
    for rate in rates:
        model = build(rate)
        loss_before = model.evaluate(X, keras.utils.to_categorical(y), verbose=0)[0]
        fit = model.fit(X, keras.utils.to_categorical(y), epochs=epochs, batch_size=16, validation_data=(X_val, keras.utils.to_categorical(y_val)), verbose=0)
        results[rate] = {**fit.history, "loss_before": loss_before}
    return results
