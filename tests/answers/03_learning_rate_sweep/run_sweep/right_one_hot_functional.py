def run_sweep(X, y, X_val, y_val, rates, epochs, seed):
    n_classes = len(np.unique(y))
    Y, Y_val = keras.utils.to_categorical(y, n_classes), keras.utils.to_categorical(y_val, n_classes)
    results = {}
    for lr in rates:
        keras.backend.clear_session()
        keras.utils.set_random_seed(seed)
        inputs = keras.Input(shape=(X.shape[1],))
        hidden = keras.layers.Dense(256, activation="sigmoid")(inputs)
        outputs = keras.layers.Dense(n_classes, activation="softmax")(hidden)
        model = keras.Model(inputs, outputs)
        model.compile(optimizer=keras.optimizers.Adam(lr), loss="categorical_crossentropy", metrics=["accuracy"])
        before = model.evaluate(X, Y, verbose=0)[0]
        hist = model.fit(X, Y, epochs=epochs, batch_size=16, validation_data=(X_val, Y_val), verbose=0)
        results[lr] = dict(hist.history, loss_before=before)
    return results
