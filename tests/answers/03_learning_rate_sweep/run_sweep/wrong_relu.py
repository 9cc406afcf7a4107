# wrong: rectified units in place of the sigmoid units of the report
# message: lower than 256 sigmoid units reach.*other layers
def run_sweep(X, y, X_val, y_val, rates, epochs, seed):
    results = {}
    for rate in rates:
        keras.utils.set_random_seed(seed)
        model = keras.Sequential([
            keras.layers.Dense(256, activation="relu"),
            keras.layers.Dense(len(set(y)), activation="softmax"),
        ])
        model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
        before = model.evaluate(X, y, verbose=0)[0]
        history = model.fit(X, y, batch_size=16, epochs=epochs, validation_data=(X_val, y_val), verbose=0).history
        results[rate] = dict(history, loss_before=before)
    return results
