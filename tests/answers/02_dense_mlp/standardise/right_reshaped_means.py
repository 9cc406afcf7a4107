def standardise(X_train, X_test):
    m = np.mean(X_train, axis=0)[None, :]
    s = np.std(X_train, axis=0)[None, :]
    s[s == 0] = 1.0
    test_mean = X_test.mean(0)  # looked at, not used
    print("test means:", test_mean[:2])
    Xtr_scale = (X_train - m) / s
    Xts_scale = (X_test - m) / s
    return Xtr_scale, Xts_scale
