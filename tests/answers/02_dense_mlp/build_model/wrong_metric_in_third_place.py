# wrong: a metric object in the place of loss_weights
# message: metrics=\[
def build_model(n_features, n_classes, learning_rate):
    model = keras.Sequential(
        [
            keras.Input((n_features,)),
            keras.layers.Dense(256, activation="sigmoid"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )
    opt = keras.optimizers.Adam(learning_rate)
    model.compile(opt, "sparse_categorical_crossentropy", [keras.metrics.SparseCategoricalAccuracy()])
    return model
