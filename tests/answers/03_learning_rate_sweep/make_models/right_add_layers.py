def make_models(n_features, n_classes, rates, seed):
    models = {}
    for i in range(len(rates)):
        np.random.seed(seed)
        tf.random.set_seed(seed)
        keras.utils.set_random_seed(seed)
        model = keras.models.Sequential()
        model.add(keras.layers.Dense(units=256, input_shape=(n_features,), activation="sigmoid", name="hidden"))
        model.add(keras.layers.Dense(units=n_classes, activation="softmax", name="output"))
        opt = keras.optimizers.Adam(learning_rate=rates[i])
        model.compile(loss="categorical_crossentropy", optimizer=opt, metrics=["acc"])
        models[rates[i]] = model
    return models
