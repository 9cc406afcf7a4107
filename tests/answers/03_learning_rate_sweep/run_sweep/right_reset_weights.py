def run_sweep(X, y, X_val, y_val, rates, epochs, seed):
    """One network object, but its first weights are put back and its optimiser is a new one for each rate."""
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input(shape=(X.shape[1],)),
            keras.layers.Dense(256, activation="sigmoid"),
            keras.layers.Dense(len(set(y.tolist())), activation="softmax"),
        ]
    )
    start = model.get_weights()
    results = {}
    for lr in rates:
        model.set_weights(start)
        model.compile(
            loss=keras.losses.SparseCategoricalCrossentropy(),
            optimizer=keras.optimizers.Adam(learning_rate=lr),
            metrics=["accuracy"],
        )
        loss_before = model.evaluate(X, y, batch_size=len(X), verbose=0)[0]
        history = model.fit(X, y, epochs=epochs, batch_size=16, validation_data=(X_val, y_val), verbose=0).history
        history["loss_before"] = loss_before
        results[lr] = history
    return results
