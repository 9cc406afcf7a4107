from sklearn.utils import shuffle


def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    state = np.random.RandomState(seed)
    scaler = StandardScaler()
    X = scaler.fit_transform(X)
    model = SGDClassifier(loss="log_loss", random_state=state)
    for _ in range(n_epochs):
        X, y = shuffle(X, y, random_state=state)
        for i in range(int(np.ceil(len(X) / batch_size))):
            part = slice(i * batch_size, (i + 1) * batch_size)
            if _ == 0 and i == 0:
                model.partial_fit(X[part], y[part], classes=np.array(classes))
            else:
                model.partial_fit(X[part], y[part])
    return model.predict(scaler.transform(X_test)).tolist()
