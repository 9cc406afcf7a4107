def run_sweep(X, y, X_val, y_val, rates, epochs, seed):
    names = ["loss", "val_loss", "accuracy", "val_accuracy"]
    results = {rate: {name: [] for name in names} for rate in rates}
    for rate in rates:
        keras.utils.set_random_seed(seed)
        init = keras.initializers.GlorotUniform(seed=seed)
        model = keras.Sequential(
            [
                keras.Input(shape=(X.shape[1],)),
                keras.layers.Dense(256, activation="sigmoid", kernel_initializer=init),
                keras.layers.Dense(int(y.max() + 1), activation="softmax"),
            ]
        )
        model.compile(
            optimizer=keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
        )
        results[rate]["loss_before"] = model.evaluate(X, y, verbose=0, return_dict=True)["loss"]
        for _ in range(epochs):
            h = model.fit(X, y, batch_size=16, validation_data=(X_val, y_val), verbose=0)
            for name in names:
                results[rate][name].append(h.history[name][0])
    return results
