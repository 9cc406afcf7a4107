class Sweep:
    """An object in place of a function; it makes its batches itself, in the order in which the rows come."""

    batch = 16

    def build(self, n_features, n_classes, rate, seed):
        keras.utils.set_random_seed(seed)
        model = keras.Sequential()
        model.add(keras.Input((n_features,)))
        model.add(keras.layers.Dense(256, activation="sigmoid"))
        model.add(keras.layers.Dense(n_classes, activation="softmax"))
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        model.optimizer.learning_rate = rate
        return model

    def __call__(self, X, y, X_val, y_val, rates, epochs, seed):
        results = {}
        for rate in rates:
            model = self.build(X.shape[1], int(max(y)) + 1, rate, seed)
            run = {"loss": [], "val_loss": [], "accuracy": [], "val_accuracy": []}
            run["loss_before"] = float(model.test_on_batch(X, y)[0])
            for _ in range(epochs):
                seen = []
                for start in range(0, len(X), self.batch):
                    model.reset_metrics()
                    seen.append(model.train_on_batch(X[start : start + self.batch], y[start : start + self.batch]))
                run["loss"].append(np.mean([loss for loss, _ in seen]))
                run["accuracy"].append(np.mean([accuracy for _, accuracy in seen]))
                val_loss, val_accuracy = model.evaluate(X_val, y_val, verbose=0)
                run["val_loss"].append(val_loss)
                run["val_accuracy"].append(val_accuracy)
            results[rate] = run
        return results


run_sweep = Sweep()
