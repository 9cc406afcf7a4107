# wrong: the layers are shared: two models, one set of weights
# message: training one model changed another
def make_models(n_features, n_classes, rates, seed):
    keras.utils.set_random_seed(seed)
    hidden = keras.layers.Dense(256, activation="sigmoid")
    output = keras.layers.Dense(n_classes, activation="softmax")
    models = {}
    for place, rate in enumerate(rates):
        keras.utils.set_random_seed(seed)
        model = keras.Sequential([keras.Input(shape=(n_features,)), hidden, output])
        optimizer = keras.optimizers.Adam(learning_rate=rate)
        model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        models[rate] = model
    return models
