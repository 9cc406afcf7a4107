def run_sweep(X, y, X_val, y_val, rates, epochs, seed):
    """Without compile and fit: batches, gradients and means by hand."""
    X, X_val = np.asarray(X, "float32"), np.asarray(X_val, "float32")
    loss_of = keras.losses.SparseCategoricalCrossentropy()

    def measured(model, rows, labels):
        proba = model(rows)
        return float(loss_of(labels, proba)), float(np.mean(np.argmax(proba, axis=1) == labels))

    results = {}
    for rate in rates:
        keras.utils.set_random_seed(seed)
        inputs = keras.Input((X.shape[1],))
        hidden = keras.layers.Dense(256, "sigmoid")(inputs)
        model = keras.Model(inputs, keras.layers.Dense(int(y.max()) + 1, "softmax")(hidden))
        optimizer = keras.optimizers.Adam(rate)
        order = np.random.default_rng(seed)
        run = {name: [] for name in ("loss", "val_loss", "accuracy", "val_accuracy")}
        run["loss_before"] = measured(model, X, y)[0]
        for _ in range(epochs):
            losses, right, shuffled = [], [], order.permutation(len(y))
            for start in range(0, len(y), 16):
                part = shuffled[start : start + 16]
                with tf.GradientTape() as tape:
                    proba = model(X[part], training=True)
                    loss = loss_of(y[part], proba)
                slopes = tape.gradient(loss, model.trainable_variables)
                optimizer.apply_gradients(zip(slopes, model.trainable_variables))
                losses.append(float(loss))
                right.append(np.mean(np.argmax(proba, axis=1) == y[part]))
            run["loss"].append(np.mean(losses))
            run["accuracy"].append(np.mean(right))
            val_loss, val_accuracy = measured(model, X_val, y_val)
            run["val_loss"].append(val_loss)
            run["val_accuracy"].append(val_accuracy)
        results[rate] = run
    return results
