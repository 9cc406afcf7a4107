def run_sweep(X, y, X_val, y_val, rates, epochs, seed):
    class Keep(keras.callbacks.Callback):
        """What the history holds, kept by a callback of one's own."""

        def __init__(self):
            super().__init__()
            self.seen = {}

        def on_epoch_end(self, epoch, logs=None):
            for name, value in logs.items():
                self.seen.setdefault(name, []).append(value)

    Y = np.asarray(y).reshape(-1, 1)
    Y_val = np.asarray(y_val).reshape(-1, 1)
    nout = max(y) + 1
    results = {}
    for rate in rates:
        keras.utils.set_random_seed(seed)
        model = keras.models.Sequential([
            keras.layers.InputLayer(shape=(X.shape[1],)),
            keras.layers.Dense(units=256, activation=keras.activations.sigmoid),
            keras.layers.Dense(units=int(nout), activation=keras.activations.softmax),
        ])
        opt = keras.optimizers.Adam(learning_rate=rate)
        model.compile(loss="sparse_categorical_crossentropy", optimizer=opt, metrics=["acc"])
        [before, *_] = model.evaluate(X, Y, verbose=0)
        keep = Keep()
        model.fit(X, Y, epochs=epochs, batch_size=16, validation_data=(X_val, Y_val), verbose=0, callbacks=[keep])
        print("rate", rate, "done")
        results[rate] = dict(
            loss=keep.seen["loss"],
            val_loss=keep.seen["val_loss"],
            accuracy=keep.seen["acc"],
            val_accuracy=keep.seen["val_acc"],
            loss_before=before,
        )
    return results
