def run_sweep(X, y, X_val, y_val, rates, epochs, seed):
    out = {}
    for i in range(len(rates)):
        keras.utils.set_random_seed(seed)
        model = keras.Sequential()
        model.add(keras.layers.Dense(256, input_shape=(X.shape[1],), activation="sigmoid"))
        model.add(keras.layers.Dense(int(max(y)) + 1, activation="softmax"))
        model.compile(
            loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.Adam(rates[i]), metrics=["acc"]
        )
        p = model.predict(X, verbose=0)
        before = -np.mean(np.log(p[np.arange(len(y)), y]))
        h = model.fit(X, y.reshape(-1, 1), batch_size=16, epochs=epochs, verbose=0, validation_data=(X_val, y_val))
        out[str(rates[i])] = {
            "loss": h.history["loss"],
            "val_loss": h.history["val_loss"],
            "accuracy": np.array(h.history["acc"]),
            "val_accuracy": h.history["val_acc"],
            "loss_before": before,
        }
    return out
